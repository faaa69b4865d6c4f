import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import Table from 'cli-table3';
import { bytesPerTransition } from '../../src/buffers/replay_chunk.js';
import { createTemporaryFolder, removeFolder } from '../../src/files/folders.js';
import { readMetricsFile } from '../../src/logging/metrics_file.js';

const SIZES = { observationDim: 42, actionDim: 8 };
const SAMPLE_SECONDS = 2;
/**
 * Minutes of the online phase before the first sample: its first evaluations, videos and checkpoints take memory that
 * is used again later.
 */
const WARM_UP_MINUTES = 2;
/** The default recipe with short pre-training and a late end. */
const OVERRIDES = [
  'train.steps=1_000_000',
  'train.bc_warm_start_steps=200',
  'logger.exp_name=growth',
  'verbose=0',
];

interface Sample {
  minutes: number;
  /** Resident memory in MB. */
  resident: number;
  envSteps: number;
}

/**
 * Trains the default recipe in a process of its own and prints its resident memory over `minutes` of the online phase,
 * and by how much more a minute it grows than its replay buffer. On Linux.
 */
export async function benchGrowth(minutes: number): Promise<void> {
  const workspace = createTemporaryFolder('bench');
  const cli = fileURLToPath(new URL('../../src/cli.js', import.meta.url));
  const training = spawn(process.execPath, [cli, 'train', ...OVERRIDES, `logger.workspace=${workspace}`]);
  const ended = once(training, 'close');
  try {
    const samples = await watch(training.pid!, join(workspace, 'growth/metrics.jsonl'), minutes);
    print(samples);
  } finally {
    training.kill('SIGKILL');
    await ended;
    removeFolder(workspace);
  }
}

async function watch(pid: number, metricsPath: string, minutes: number): Promise<Sample[]> {
  const samples: Sample[] = [];
  let started: number | null = null;
  for (;;) {
    const envSteps = existsSync(metricsPath) ? (readMetricsFile(metricsPath).at(-1)?.env_steps ?? 0) : 0;
    if (envSteps > 0) started ??= performance.now();
    const elapsed = started === null ? 0 : (performance.now() - started) / 60_000;
    if (elapsed > minutes) return samples;
    if (started !== null) samples.push({ minutes: elapsed, resident: residentMegabytes(pid), envSteps });
    await sleep(1000 * SAMPLE_SECONDS);
  }
}

function residentMegabytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)![1]) * 1.024e-3;
}

function print(samples: readonly Sample[]): void {
  const head = ['minute', 'env steps', 'replay buffer MB', 'resident MB (mean)', 'lowest', 'highest'];
  const table = new Table({ head, style: { head: [], border: [] }, colAligns: head.map(() => 'right') });
  for (let minute = 0; minute < samples.at(-1)!.minutes; minute++) {
    const within = samples.filter(({ minutes }) => Math.floor(minutes) === minute);
    if (within.length === 0) continue;
    const resident = within.map((sample) => sample.resident);
    const { envSteps } = within.at(-1)!;
    const [mean, low, high] = [average(resident), Math.min(...resident), Math.max(...resident)];
    table.push([
      minute,
      envSteps,
      ...[bufferMegabytes(envSteps), mean, low, high].map((value) => value.toFixed(1)),
    ]);
  }
  console.log(table.toString());
  const later = samples.filter(({ minutes }) => minutes >= WARM_UP_MINUTES);
  if (later.length < 2) return;
  const [total, buffer] = [
    slope(later, ({ resident }) => resident),
    slope(later, ({ envSteps }) => bufferMegabytes(envSteps)),
  ];
  console.log(
    `after ${WARM_UP_MINUTES} minutes, by least squares: resident memory grows by ${total.toFixed(2)} MB a minute, ` +
      `the replay buffer by ${buffer.toFixed(2)}`,
  );
}

function bufferMegabytes(envSteps: number): number {
  return envSteps * bytesPerTransition(SIZES) * 1e-6;
}

function slope(samples: readonly Sample[], value: (sample: Sample) => number): number {
  const [x, y] = [average(samples.map(({ minutes }) => minutes)), average(samples.map(value))];
  const along = samples.reduce((sum, sample) => sum + (sample.minutes - x) * (value(sample) - y), 0);
  return along / samples.reduce((sum, { minutes }) => sum + (minutes - x) ** 2, 0);
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
