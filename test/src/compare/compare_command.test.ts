import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { readMetricsFile } from '../../../src/logging/metrics_file.js';
import { folderOfTest } from '../../temporary_folder.js';

let workspace: string;
beforeEach(() => {
  workspace = folderOfTest();
});

const TINY = [
  'train.offline_steps=60',
  'train.batch_size=16',
  'train.eval_freq=10',
  'train.eval_episodes=2',
  'network.actor.arch_cfg.features=[16]',
  'network.critic.arch_cfg.features=[16]',
];
const ALL = ['algorithms=bc,td3_bc', 'datasets=test/fixtures/d4rl/hopper.hdf5', 'seeds=0,1'];

/** The compiled command, as its trainings are compiled commands too; `onOutput` is told all that it has printed so far. */
async function compare(
  words: readonly string[],
  onOutput: (output: string, stop: () => void) => void = () => {},
) {
  const place = [`logger.workspace=${workspace}`, '--workers', '1'];
  const child = spawn(process.execPath, ['dist/src/cli.js', 'compare', ...words, ...TINY, ...place], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      output += text;
      onOutput(output, () => child.kill('SIGTERM'));
    });
  }
  const [code] = await once(child, 'close');
  return { code: code as number, output };
}

const folder = () => join(workspace, 'compare-hopper');
const checkpointTime = (run: string) => statSync(join(folder(), run, 'models/latest.safetensors')).mtimeMs;
/** The mean of a metric's last five values in a run. */
function lastFive(run: string, metric: string): number {
  const rows = readMetricsFile(join(folder(), run, 'metrics.jsonl'));
  const values = rows.flatMap((row) => row[metric] ?? []).slice(-5);
  expect(values.length).toBe(5);
  return values.reduce((sum, value) => sum + value, 0) / 5;
}

it('a comparison that was stopped halfway goes on with what is left, and writes one table', async () => {
  let isStopped = false;
  const first = await compare(ALL, (output, stop) => {
    if (isStopped || !output.includes('td3_bc_hopper_seed-0: finished')) return;
    isStopped = true;
    stop();
  });
  expect(first).toMatchObject({ code: 130 });
  expect(first.output).toContain('4 runs, 4 to train with 240 offline updates');
  expect(first.output).toContain('the same command again goes on with what is not finished');
  const half = readFileSync(join(folder(), 'compare.md'), 'utf8');
  expect(half).toContain('60 updates<br>1 of 2 seeds');
  const finished = ['bc_hopper_seed-0', 'td3_bc_hopper_seed-0'];
  const before = finished.map(checkpointTime);

  const second = await compare(ALL);
  expect(second).toMatchObject({ code: 0 });
  expect(second.output).toContain('4 runs, 2 finished, 2 to train');
  expect(finished.map(checkpointTime)).toEqual(before);
  const means = [0, 1].map((seed) => lastFive(`td3_bc_hopper_seed-${seed}`, 'eval/normalized_score'));
  const mean = (means[0] + means[1]) / 2;
  const rows = readFileSync(join(folder(), 'compare.csv'), 'utf8').trim().split('\n');
  const cells = rows.map((row) => row.split(','));
  expect(cells.map(([algorithm]) => algorithm)).toEqual(['algorithm', 'bc', 'td3_bc']);
  expect(cells[2].slice(1, 7)).toEqual([
    'hopper',
    'test/fixtures/d4rl/hopper.hdf5',
    'Hopper-v5',
    'normalized_score',
    '2',
    '2',
  ]);
  expect(Number(cells[2][7])).toBeCloseTo(mean, 6);
  expect(Number(cells[2][8])).toBeCloseTo(Math.abs(means[0] - means[1]) / Math.SQRT2, 6);
  const page = readFileSync(join(folder(), 'compare.md'), 'utf8');
  expect(page).toMatch(new RegExp(`\\| td3_bc \\| \\*\\*${mean.toFixed(1)} ± `));
  expect(page).toContain('npm run rlpd -- compare algorithms=bc,td3_bc');
  expect(page).not.toContain('of 2 seeds');
  expect(readFileSync(join(folder(), 'compare.svg'), 'utf8')).toContain('normalized score');
});

it('what is wrong is told before anything is trained', async () => {
  const unknown = await compare(['algorithms=bc,td3', ...ALL.slice(1)]);
  expect(unknown).toMatchObject({ code: 1 });
  expect(unknown.output).toContain('unknown algorithm "td3"; did you mean "td3_bc"?');
  const missing = await compare([ALL[0], 'datasets=none.hdf5']);
  expect(missing).toMatchObject({ code: 1 });
  expect(missing.output).toContain('error: none.hdf5: no such file or folder');
});
