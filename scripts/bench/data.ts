import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { type Dataset, File, type Group } from 'h5wasm/node';
import type { Demonstrations } from '../../src/buffers/demo_buffer.js';
import { ReplayBuffer } from '../../src/buffers/replay_buffer.js';
import { SymmetricSampler } from '../../src/buffers/symmetric_sampler.js';
import { createTemporaryFolder, removeFolder } from '../../src/files/folders.js';
import { RandomStream } from '../../src/rng.js';
import { distribution } from '../../src/rollout/episode_stats.js';
import { loadFromPath } from '../../src/training/dataset/load_from_path.js';
import { positiveInteger } from './arguments.js';
import type { Comparison } from './comparison.js';
import { recordDemonstrations } from './demonstrations.js';
import { randomBatches, SIZES, UPDATES_PER_CALL } from './learner_case.js';

/** The arrays of an episode that a training reads. */
const ARRAYS = ['obs', 'actions', 'rewards', 'success', 'terminated', 'truncated'];
const ONLINE_TRANSITIONS = 100_000;
const FILLS_PER_ROUND = 20;

/** Milliseconds measured in a round: for the whole file and for one batch. */
interface Round {
  loading: number;
  reading: number;
  sampling: number;
  gathering: number;
}

/**
 * Prints how fast demonstrations are loaded, beside reading the same arrays of the file and no more, and how long it
 * takes to sample a batch, beside copying as many bytes in rows that were chosen before. All are measured in turn; the
 * medians of the rounds count.
 *
 * @param args `--episodes n`, how many demonstrations to make first (1,000), and `--rounds n` (7)
 */
export async function benchData(args: string[]): Promise<Comparison[]> {
  const options = {
    episodes: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '7' },
  } as const;
  const { values } = parseArgs({ args, options });
  const episodes = positiveInteger('episodes', values.episodes);
  const rounds = positiveInteger('rounds', values.rounds);
  const folder = createTemporaryFolder('bench');
  try {
    const path = await recordDemonstrations(folder, episodes);
    const demos = await load(path);
    const measured = await measure(path, demos, rounds);
    print(measured, episodes, demos.buffer.size);
    return compare(measured, episodes);
  } finally {
    removeFolder(folder);
  }
}

async function measure(path: string, demos: Demonstrations, rounds: number): Promise<Round[]> {
  const online = filledBuffer(ONLINE_TRANSITIONS);
  const sampler = new SymmetricSampler({
    online,
    demos: demos.buffer,
    discount: 0.9,
    nSteps: 1,
    augmentation: null,
    seed: 0,
  });
  const batches = randomBatches(UPDATES_PER_CALL);
  const gather = gatherer(ONLINE_TRANSITIONS, batches.count * batches.batchSize);
  const perBatch = (work: () => void) =>
    milliseconds(() => repeat(FILLS_PER_ROUND, work)).then((time) => time / FILLS_PER_ROUND / batches.count);
  const measured: Round[] = [];
  for (let round = 0; round <= rounds; round++) {
    const loading = await milliseconds(() => load(path));
    const reading = await milliseconds(() => readArrays(path));
    const sampling = await perBatch(() => sampler.fill(batches));
    const gathering = await perBatch(gather);
    // The first round warms caches and compilers.
    if (round > 0) measured.push({ loading, reading, sampling, gathering });
  }
  return measured;
}

function load(path: string): Promise<Demonstrations> {
  return loadFromPath(path, {
    task: {
      envId: 'PickCube-v1',
      controlMode: 'pd_joint_delta_pos',
      observationDim: SIZES.observationDim,
      actionDim: SIZES.actionDim,
    },
    rewardMode: 'sparse',
    numDemos: null,
    shuffle: false,
    skipFailed: false,
    judgedBy: 'success_at_end',
    topShare: 1,
    dataActionScale: null,
    seed: 0,
  });
}

/** Reads every array that `load` does, and does nothing with it. */
function readArrays(path: string): void {
  const file = new File(path, 'r');
  for (const group of file.keys()) {
    const entities = file.get(group) as Group;
    for (const name of ARRAYS) void (entities.get(name) as Dataset).value;
  }
  file.close();
}

function filledBuffer(capacity: number): ReplayBuffer {
  const { observationDim, actionDim } = SIZES;
  const buffer = new ReplayBuffer({ capacity, numEnvs: 1, observationDim, actionDim });
  const { count, batchSize, ...columns } = randomBatches(UPDATES_PER_CALL);
  const rows = count * batchSize;
  const flags = new Uint8Array(rows);
  while (buffer.size < capacity) buffer.add({ ...columns, terminated: flags, truncated: flags });
  return buffer;
}

/**
 * Copies as many bytes as `rows` transitions have from rows at random of one flat array of `size` transitions, the same
 * rows at each call, and in doubles: half as many numbers.
 */
function gatherer(size: number, rows: number): () => void {
  const { observationDim, actionDim } = SIZES;
  const width = (2 * observationDim + actionDim + 2) / 2;
  const from = new Float64Array(size * width).fill(0.5);
  const to = new Float64Array(rows * width);
  const chosen = new RandomStream(0).choose(rows, size);
  return () => {
    for (let row = 0; row < rows; row++) {
      const [source, target] = [chosen[row] * width, row * width];
      for (let i = 0; i < width; i++) to[target + i] = from[source + i];
    }
  };
}

function print(rounds: readonly Round[], episodes: number, transitions: number): void {
  const head = ['', 'ours', 'the least', 'ratio'];
  const table = new Table({
    head,
    style: { head: [], border: [] },
    colAligns: ['left', 'right', 'right', 'right'],
  });
  const rate = (time: number) => Math.round(transitions / (time / 1000)).toLocaleString('en-US');
  const microseconds = (time: number) => (1000 * time).toFixed(1);
  const [loading, sampling] = compare(rounds, episodes);
  table.push(
    [
      `loading ${episodes} episodes, transitions/s`,
      rate(loading.milliseconds),
      rate(loading.otherMilliseconds),
      loading.ratio.toFixed(2),
    ],
    [
      `sampling a batch of ${SIZES.batchSize}, µs`,
      microseconds(sampling.milliseconds),
      microseconds(sampling.otherMilliseconds),
      sampling.ratio.toFixed(2),
    ],
  );
  console.log(table.toString());
}

function compare(rounds: readonly Round[], episodes: number): Comparison[] {
  const median = (value: (round: Round) => number) => distribution(rounds.map(value)).median;
  return [
    {
      name: `loading ${episodes} demonstrations`,
      milliseconds: median(({ loading }) => loading),
      other: 'reading their arrays',
      otherMilliseconds: median(({ reading }) => reading),
      ratio: median(({ loading, reading }) => loading / reading),
    },
    {
      name: `sampling a batch of ${SIZES.batchSize}`,
      milliseconds: median(({ sampling }) => sampling),
      other: 'copying as many bytes',
      otherMilliseconds: median(({ gathering }) => gathering),
      ratio: median(({ sampling, gathering }) => sampling / gathering),
    },
  ];
}

async function milliseconds(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function repeat(times: number, work: () => void): void {
  for (let i = 0; i < times; i++) work();
}
