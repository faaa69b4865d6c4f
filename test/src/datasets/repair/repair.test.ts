import { cpSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openDataset, verifyDataset, WRITABLE_FORMATS } from '../../../../src/datasets/registry.js';
import { repairDataset } from '../../../../src/datasets/repair/repair.js';
import { problemsOf } from '../../../../src/datasets/verification.js';
import { folderOfTest } from '../../../temporary_folder.js';

const MINARI = WRITABLE_FORMATS.get('minari')!;

it('keeps the whole episodes of a recording, and names the one that is cut off', async () => {
  const folder = folderOfTest();
  const [damaged, output] = [join(folder, 'swing.recording'), join(folder, 'swing-v0')];
  cpSync('test/fixtures/recording', damaged, { recursive: true });
  truncateSync(join(damaged, 'episode_000000.safetensors'), 500);
  const { episodes, steps, lost } = await repairDataset(damaged, MINARI, output);
  expect({ episodes, steps, lost: [...lost.keys()] }).toEqual({
    episodes: 1,
    steps: 6,
    lost: ['episode_000000'],
  });
  expect(lost.get('episode_000000')).toContain('damaged or cut off');
  const repaired = await openDataset(output);
  expect((await repaired.outcome(0)).seed).toBe(1n);
  repaired.close();
});

it('counts episodes and steps anew where the metadata contradict the data', async () => {
  const folder = folderOfTest();
  const [damaged, output] = [join(folder, 'swing-v0'), join(folder, 'mended-v0')];
  cpSync('test/fixtures/minari/pendulum', damaged, { recursive: true });
  const json = [join(damaged, 'metadata.json'), join(damaged, 'data', 'metadata.json')].find(existsSync)!;
  const text = readFileSync(json, 'utf8');
  writeFileSync(json, text.replace(/"total_steps": \d+/, '"total_steps": 999'));
  expect(problemsOf(await verifyDataset(damaged)).join()).toContain('999 steps');
  const { lost, corrected } = await repairDataset(damaged, MINARI, output);
  expect(lost.size).toBe(0);
  expect(corrected).toEqual([expect.stringContaining('999 steps')]);
  expect(problemsOf(await verifyDataset(output))).toEqual([]);
});

it('writes nothing where no episode is whole', async () => {
  const folder = folderOfTest();
  const damaged = join(folder, 'swing.recording');
  cpSync('test/fixtures/recording', damaged, { recursive: true });
  for (const number of [0, 1]) truncateSync(join(damaged, `episode_00000${number}.safetensors`), 100);
  const output = join(folder, 'swing-v0');
  await expect(repairDataset(damaged, MINARI, output)).rejects.toThrow('no episode is whole');
  expect(existsSync(output)).toBe(false);
});
