import { expect, it } from 'vitest';
import { dotPanels } from '../../../src/plot/dots.js';
import { renderSvg, SVG_FONT } from '../../../src/plot/render.js';

it('each panel has its title, its scale and a dot and a whisker for each label', async () => {
  const dots = [
    { label: 'bc', mean: 2, std: 0.5 },
    { label: 'iql', mean: 3, std: null },
  ];
  const panels = [
    { title: 'hopper', xTitle: 'normalized score', dots },
    { title: 'pendulum', xTitle: 'return', dots: [{ label: 'bc', mean: -900, std: 1 }] },
  ];
  const svg = await renderSvg(dotPanels(panels, SVG_FONT));
  for (const text of ['hopper', 'normalized score', 'pendulum', 'return', 'iql'])
    expect(svg).toContain(`>${text}<`);
  expect(svg.match(/aria-roledescription="point"/g)).toHaveLength(3);
  expect(svg).toMatch(/aria-label="normalized score: 1\.5; [^"]*2\.5/);
});
