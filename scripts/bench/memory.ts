import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { ReplayBuffer, type Transitions } from '../../src/buffers/replay_buffer.js';
import { bytesPerTransition } from '../../src/buffers/replay_chunk.js';
import { byteSize } from '../../src/byte_size.js';
import { DEFAULT_CONFIG, loadConfig } from '../../src/config/load.js';
import { createTemporaryFolder, removeFolder } from '../../src/files/folders.js';
import { RandomStream } from '../../src/rng.js';
import {
  type Checkpoint,
  loadCheckpoint,
  saveCheckpoint,
} from '../../src/training/checkpoints/checkpoint.js';
import { createAgent } from '../../src/training/create_agent.js';
import { Exploration } from '../../src/training/phases/exploration.js';
import { freshProgress } from '../../src/training/run_progress.js';
import { benchGrowth } from './growth.js';

/** PickCube-v1. */
const SIZES = { observationDim: 42, actionDim: 8 };
const NUM_ENVS = 8;

/**
 * Prints the memory that a replay buffer takes of the operating system: made, filled, while a checkpoint with it is saved,
 * and, in a process of its own, when a run goes on from that checkpoint.
 *
 * @param args `--capacity n` in transitions (1,000,000); `--minutes n` to train the default recipe for n minutes too and
 *   print how memory grows (0)
 */
export async function benchMemory(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      capacity: { type: 'string', default: '1000000' },
      minutes: { type: 'string', default: '0' },
      resume: { type: 'string' },
    },
  });
  const capacity = Number(values.capacity);
  if (values.resume !== undefined) return printResumption(values.resume, capacity);
  const folder = createTemporaryFolder('bench');
  try {
    const path = join(folder, 'latest.safetensors');
    await printSaving(path, capacity);
    const words = ['memory', '--capacity', String(capacity), '--resume', path];
    execFileSync(process.execPath, [process.argv[1], ...words], { stdio: 'inherit' });
  } finally {
    removeFolder(folder);
  }
  const minutes = Number(values.minutes);
  if (minutes > 0) await benchGrowth(minutes);
}

async function printSaving(path: string, capacity: number): Promise<void> {
  const config = loadConfig(DEFAULT_CONFIG, []);
  const agent = await createAgent(config, config.algo, SIZES, null);
  const stages = new Stages(
    `replay buffer of ${capacity} transitions, ${byteSize(capacity * bytesPerTransition(SIZES))}`,
  );
  const buffer = createBuffer(capacity);
  stages.add('created');
  fill(buffer);
  stages.add('filled');
  const checkpoint: Checkpoint = {
    config,
    progress: freshProgress(config),
    agent: await agent.getState(),
    sizes: SIZES,
    actionScale: null,
    rewardScaling: null,
    sampler: { online: new RandomStream(0).getState(), demos: new RandomStream(1).getState() },
    exploration: new Exploration(config.train, config.seed, config.env.num_envs, SIZES.actionDim).getState(),
    episodes: [],
    interval: {
      updates: {},
      finished: [],
      running: { returns: [], lengths: [], firstSuccesses: [] },
      trainingSteps: 0,
      phases: { rollout: 0, update: 0, eval: 0, save: 0, log: 0 },
      lastSuccess: null,
      start: { seconds: 0, envSteps: 0, gradientSteps: 0 },
    },
    replay: buffer.getState(),
    imagined: null,
    balanced: null,
    keptOfData: {},
  };
  const started = performance.now();
  await saveCheckpoint(path, checkpoint);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  stages.addPeak(`saving a checkpoint of ${byteSize(statSync(path).size)} in ${seconds} s, highest`);
  stages.print();
  await agent.dispose();
}

async function printResumption(path: string, capacity: number): Promise<void> {
  const stages = new Stages('going on from that checkpoint');
  const buffer = createBuffer(capacity);
  const started = performance.now();
  const { replay } = await loadCheckpoint(path);
  buffer.setState(replay!);
  stages.addPeak(`loaded in ${((performance.now() - started) / 1000).toFixed(1)} s, highest`);
  fill(buffer);
  stages.add('overwritten once');
  stages.print();
}

function createBuffer(capacity: number): ReplayBuffer {
  return new ReplayBuffer({ capacity, numEnvs: NUM_ENVS, ...SIZES });
}

/** Fills the buffer to its capacity. */
function fill(buffer: ReplayBuffer): void {
  const { observationDim, actionDim } = SIZES;
  const step: Transitions = {
    observations: new Float32Array(NUM_ENVS * observationDim),
    actions: new Float32Array(NUM_ENVS * actionDim),
    rewards: new Float32Array(NUM_ENVS),
    nextObservations: new Float32Array(NUM_ENVS * observationDim),
    terminated: new Uint8Array(NUM_ENVS),
    truncated: new Uint8Array(NUM_ENVS),
  };
  const stream = new RandomStream(0);
  for (const column of [step.observations, step.actions, step.nextObservations])
    stream.fillUniform(column, -1, 1);
  for (let row = 0; row < buffer.capacity; row += NUM_ENVS) buffer.add(step);
}

/** The process's resident memory at the stages of a piece of work. */
class Stages {
  private readonly start = process.memoryUsage.rss();
  private readonly rows: [string, string, string][] = [];

  constructor(private readonly title: string) {
    this.add('before');
  }

  add(name: string): void {
    this.row(name, process.memoryUsage.rss());
  }

  /** Adds the highest memory of the process so far. */
  addPeak(name: string): void {
    this.row(name, 1024 * process.resourceUsage().maxRSS);
  }

  print(): void {
    const table = new Table({
      head: [this.title, 'resident', 'more than before'],
      colAligns: ['left', 'right', 'right'],
      style: { head: [], border: [] },
    });
    table.push(...this.rows);
    console.log(table.toString());
  }

  private row(name: string, bytes: number): void {
    this.rows.push([name, byteSize(bytes), byteSize(Math.max(0, bytes - this.start))]);
  }
}
