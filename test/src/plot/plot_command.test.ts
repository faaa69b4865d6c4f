import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { plotCommand } from '../../../src/commands/plot.js';
import { metricToDraw } from '../../../src/plot/run_curve.js';
import { titleOfX } from '../../../src/plot/style.js';
import { rememberSaid } from '../../said.js';
import { folderOfTest } from '../../temporary_folder.js';
import { writeRun } from '../runs/run_fixture.js';
import { tinyConfig } from '../training/tiny_run.js';

let workspace: string;
let out: string;
let said: { text: string };
beforeEach(() => {
  workspace = folderOfTest();
  out = join(workspace, 'curves.svg');
  said = rememberSaid();
  for (const qs of [2, 3]) {
    for (const seed of [0, 1]) {
      writeRun(workspace, `sweep/q${qs}-s${seed}`, {
        overrides: [`rlpd.num_qs=${qs}`, `seed=${seed}`],
        evaluations: [
          [0, 0],
          [80, 0.1 * qs + 0.1 * seed],
          [160, 0.2 * qs + 0.2 * seed],
        ],
      });
    }
  }
});
afterEach(() => {
  vi.restoreAllMocks();
});

const plot = (...words: string[]) => plotCommand().parseAsync(words, { from: 'user' });
const sweep = () => join(workspace, 'sweep');
const texts = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
/** The paths of lines and of bands: a band has a fill, a line a stroke. */
const marks = (svg: string, name: string) => [
  ...svg.matchAll(
    new RegExp(
      `<path aria-label="[^"]*" role="graphics-symbol" aria-roledescription="${name} mark"[^>]*>`,
      'g',
    ),
  ),
];

it('names the steps of an axis after the phases of the runs', () => {
  const curve = (...words: string[]) => ({ path: '', points: [], config: tinyConfig(workspace, words) });
  const offline = curve('train.phases=[clone, offline]');
  expect(titleOfX('env_steps', [curve()])).toBe('environment steps');
  expect(titleOfX('env_steps', [offline])).toBe('offline updates');
  expect(titleOfX('env_steps', [offline, curve()])).toBe('offline updates and environment steps');
  expect(titleOfX('seconds', [offline])).toBe('training time (s)');
});

describe('rlpd plot', () => {
  it('draws a line and a band for each group of seeds, with titles and a legend', async () => {
    await plot(sweep(), '--out', out);
    const svg = readFileSync(out, 'utf8');
    for (const text of [
      'environment steps',
      'success at the end of an episode',
      'num_qs=2 (2 runs)',
      'num_qs=3 (2 runs)',
      'mean of the runs, band from the lowest to the highest run',
      '1.0',
    ]) {
      expect(texts(svg)).toContain(text);
    }
    expect(marks(svg, 'line')).toHaveLength(2);
    expect(marks(svg, 'area')).toHaveLength(2);
    expect(said.text).toContain('eval/success_at_end of 4 runs in 2 curves');
  });

  it('draws labelled runs over time, another metric', async () => {
    const [a, b] = ['q2-s0', 'q3-s1'].map((name) => join(sweep(), name));
    await plot(
      `ours, tuned=${a}`,
      `reference=${b}`,
      '--out',
      out,
      '--x',
      'seconds',
      '--metric',
      'eval/return',
    );
    const svg = readFileSync(out, 'utf8');
    expect(texts(svg)).toEqual(expect.arrayContaining(['ours, tuned', 'reference', 'training time (s)']));
    expect(texts(svg)).toContain('return of an evaluation episode');
    expect(texts(svg).join()).not.toContain('band');
    expect(marks(svg, 'line')).toHaveLength(2);
  });

  it('draws a PNG of twice the size, with its text', async () => {
    const png = join(workspace, 'curves.png');
    await plot(sweep(), '--out', png);
    await plot(sweep(), '--out', out);
    const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(readFileSync(out, 'utf8'))!.map(Number);
    const image = await loadImage(png);
    expect([width, image.width, image.height]).toEqual([640, 2 * width, 2 * height]);
    const context = createCanvas(image.width, image.height).getContext('2d');
    context.drawImage(image, 0, 0);
    const legend = context.getImageData(0, image.height - 60, image.width, 60).data;
    const darkPixels = legend.filter((value, i) => i % 4 === 0 && value < 64).length;
    expect(darkPixels).toBeGreaterThan(200);
  });

  it('says where a curve ends with its shortest run, and which runs have nothing to draw', async () => {
    const short = {
      overrides: ['rlpd.num_qs=2', 'seed=2'],
      evaluations: [
        [0, 0],
        [60, 0.3],
      ] as const,
    };
    writeRun(workspace, 'sweep/short', short);
    writeRun(workspace, 'sweep/new', { overrides: ['seed=9'] });
    await plot(sweep(), '--out', out);
    expect(said.text).toContain(`"num_qs=2" is drawn up to 60, where ${join(sweep(), 'short')} ends`);
    expect(said.text).toContain('they are interpolated linearly');
    expect(said.text).toContain(`left out: ${join(sweep(), 'new')}: nothing is logged yet`);
  });

  it.each([
    [['SWEEP', '--metric', 'eval/success'], 'the nearest is "eval/success_'],
    [['NONE'], 'NONE: no such folder'],
    [['a=SWEEP', 'SWEEP'], 'give every run a label, or none'],
    [['SWEEP', '--group-by', 'num_qs'], 'did you mean "rlpd.num_qs"'],
  ])('%j is refused', async (words, message) => {
    const named = words.map((word) => word.replace('SWEEP', sweep()));
    await expect(plot(...named, '--out', out)).rejects.toThrow(message);
    expect(existsSync(out)).toBe(false);
  });

  it('offers what a run without evaluations has', async () => {
    const path = writeRun(workspace, 'taskless', { overrides: ['seed=3'] });
    expect(metricToDraw(path)).toBeNull();
    const row = { env_steps: 20, seconds: 1, 'train/q': 3, 'train/critic_loss': 2, 'time/save_share': 0 };
    writeFileSync(join(path, 'metrics.jsonl'), `${JSON.stringify(row)}\n`);
    const refused = (...words: string[]) => expect(plot(path, '--out', out, ...words)).rejects.toThrow;
    await refused()(
      'no "eval/success_at_end" in its metrics.jsonl; --metric takes what there is: train/q, train/critic_loss',
    );
    await refused('--metric', 'trian/q')('the nearest is "train/q"');
    await refused('--metric', 'critic_loss')('the nearest is "train/critic_loss"');
    expect(metricToDraw(path)).toBe('train/critic_loss');
    await plot(path, '--out', out, '--metric', 'train/q');
    expect(metricToDraw(join(sweep(), 'q2-s0'))).toBe('eval/success_at_end');
  });

  it('draws by default the success that the task is judged by, and asks where tasks differ in it', async () => {
    const overrides = ['env.env_id=RollBall-v1'];
    const path = writeRun(workspace, 'roll', { overrides, evaluations: [[0, 0.1, 0.9]] });
    await plot(path, '--out', out);
    expect(said.text).toContain('eval/success_once of 1 runs');
    expect(texts(readFileSync(out, 'utf8'))).toContain('success at any step of an episode');
    expect(metricToDraw(path)).toBe('eval/success_once');
    await expect(plot(path, sweep(), '--out', out, '--overwrite')).rejects.toThrow(
      'judged by eval/success_once and eval/success_at_end: choose one with --metric',
    );
  });

  it('replaces a picture only when told to', async () => {
    await plot(sweep(), '--out', out);
    await expect(plot(sweep(), '--out', out)).rejects.toThrow('--overwrite');
    await plot(sweep(), '--out', out, '--overwrite', '--group-by', 'seed');
    expect(texts(readFileSync(out, 'utf8'))).toContain('seed=1 (2 runs)');
  });
});
