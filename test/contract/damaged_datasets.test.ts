import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DatasetFormat } from '../../src/datasets/format.js';
import { DATASET_FORMATS, formatOf, openDataset } from '../../src/datasets/registry.js';
import { UserError } from '../../src/errors.js';
import { RandomStream } from '../../src/rng.js';
import { damaged } from '../src/datasets/damage.js';
import { folderOfTests } from '../temporary_folder.js';

/** Small sound datasets of each format, of all its ways to store them. */
const PATHS: Record<string, readonly string[]> = {
  ManiSkill: ['test/fixtures/demos/gzip.h5'],
  Minari: ['pendulum_arrow', 'reach_arrow', 'reach_parquet', 'reach'].map(
    (name) => `test/fixtures/minari/${name}`,
  ),
  robomimic: ['test/fixtures/robomimic/low_dim_no_next_extra.hdf5'],
  D4RL: ['chain_edges', 'pendulum'].map((name) => `test/fixtures/d4rl/${name}.hdf5`),
  LeRobot: ['arm', 'state_only_v21', 'images'].map((name) => `test/fixtures/lerobot/${name}`),
  RLDS: ['point_vector/dense/0.1.0', 'array_record/0.1.0', 'arm_oxe/1.2.0'].map(
    (name) => `test/fixtures/rlds/${name}`,
  ),
  Recording: ['test/fixtures/recording'],
  'RL Unplugged': ['dm_control_suite/cartpole_swingup', 'atari/Pong'].map(
    (name) => `test/fixtures/rl_unplugged/${name}`,
  ),
  EnvLogger: ['default', 'uncompressed', 'brotli', 'zstd', 'snappy', 'transpose-zstd'].map(
    (name) => `test/fixtures/envlogger/${name}`,
  ),
};

/** Number of damaged inputs, of all formats together; more are tried by hand: `RLPD_FUZZ_INPUTS=100000 npx vitest run …`. */
const INPUTS = Number(process.env['RLPD_FUZZ_INPUTS'] ?? 2000);
/** Bounds for one input, far above what any of these small files takes. */
const MOST_SECONDS = 10;
const MOST_BYTES = 256 * 2 ** 20;

const folder = folderOfTests();
const CASES = Object.entries(PATHS).flatMap(([name, paths]) =>
  paths.map((path): [string, string] => [name, path]),
);
const inputsOf = (name: string) => Math.ceil(INPUTS / Object.keys(PATHS).length / PATHS[name].length);

it('every registered format is damaged here', () => {
  expect(Object.keys(PATHS).sort()).toEqual(DATASET_FORMATS.map(({ name }) => name).sort());
});

describe.each(CASES)('%s: %s', (name, path) => {
  it('damaged at random places, it is read or a UserError says what is wrong, without much time or memory', async () => {
    const format = await formatOf(path);
    expect(format.name).toBe(name);
    const copy = copyOf(format, path);
    const files = [...copy.files].map(([file, whole]) => ({ file, whole }));
    const weights = files.map(({ whole }) => Math.max(1, whole.length));
    for (let trial = 0; trial < inputsOf(name); trial++) {
      const random = new RandomStream(trial);
      const { file, whole } = files[chosen(weights, random)];
      writeFileSync(file, damaged(whole, random));
      const fault = await faultOf(copy.path);
      expect(fault === null ? null : `trial ${trial}, ${relative(folder, file)}: ${fault}`).toBeNull();
      writeFileSync(file, whole);
    }
  }, 3_600_000);
});

/** A copy of a dataset, with the bytes of its files. */
function copyOf(format: DatasetFormat, path: string): { path: string; files: Map<string, Buffer> } {
  const root = [...format.files(path).values()].includes(path) ? dirname(path) : path;
  const target = join(folder, path.replaceAll('/', '_'));
  const files = new Map<string, Buffer>();
  for (const source of format.files(path).values()) {
    const file = join(target, relative(root, source));
    mkdirSync(dirname(file), { recursive: true });
    cpSync(source, file);
    files.set(file, readFileSync(file));
  }
  return { path: root === path ? target : join(target, basename(path)), files };
}

/** A file by chance: half of the time by its size, half of the time any. */
function chosen(weights: readonly number[], random: RandomStream): number {
  if (random.integer(2) === 0) return random.integer(weights.length);
  let place = random.integer(weights.reduce((sum, weight) => sum + weight, 0));
  return weights.findIndex((weight) => {
    place -= weight;
    return place < 0;
  });
}

/** The fault of reading a damaged dataset; null where it is as it should be. */
async function faultOf(path: string): Promise<string | null> {
  const [time, memory] = [process.cpuUsage(), memoryHeld()];
  try {
    await readAll(path);
  } catch (error) {
    if (!(error instanceof UserError)) return `another error: ${(error as Error)?.stack ?? error}`;
  }
  const { user, system } = process.cpuUsage(time);
  const seconds = (user + system) / 1e6;
  if (seconds > MOST_SECONDS) return `${seconds} s`;
  const bytes = memoryHeld() - memory;
  return bytes > MOST_BYTES ? `${Math.round(bytes / 2 ** 20)} MB` : null;
}

async function readAll(path: string): Promise<void> {
  const dataset = await openDataset(path);
  try {
    dataset.learningRules('sparse');
    for (const index of dataset.head.ids.keys()) {
      const { extras } = await dataset.episode(index);
      await extras();
    }
  } finally {
    dataset.close();
  }
}

/** Bytes that this process had at most, or has allocated without using them. */
function memoryHeld(): number {
  return process.resourceUsage().maxRSS * 1024 + process.memoryUsage().arrayBuffers;
}
