import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { rlpd } from '../../src/algorithms/rlpd.js';
import { allocateBatches } from '../../src/buffers/transitions.js';
import { loadConfig } from '../../src/config/load.js';
import { createTemporaryFolder, removeFolder } from '../../src/files/folders.js';
import { createLearner } from '../../src/learner/learner.js';
import type { LogDestination } from '../../src/logging/logger.js';
import { createMetricsFile } from '../../src/logging/metrics_file.js';
import { createTensorBoardLogger } from '../../src/logging/tensorboard/tensorboard_logger.js';
import { wandbSettings } from '../../src/logging/wandb/settings.js';
import { openWandbRun } from '../../src/logging/wandb/wandb_run.js';
import { median } from '../../src/median.js';
import { RandomStream } from '../../src/rng.js';

const RECIPE = 'configs/base_rlpd_ms3.yml';
/** Metrics that an online run logs at once. */
const METRICS = 50;
const EPISODES = 20;

/**
 * Prints the milliseconds that one log line takes in each destination, histograms and writing to the disk included, and
 * its share of the gradient updates between two log lines of the reference recipe; the rest of the training is left out.
 *
 * @param args `--lines n` (default 300) and `--rounds n` (default 5), of which the median counts
 */
export async function benchLogging(args: string[]): Promise<void> {
  const options = {
    lines: { type: 'string', default: '300' },
    rounds: { type: 'string', default: '5' },
  } as const;
  const { values } = parseArgs({ args, options });
  const folder = createTemporaryFolder('bench');
  try {
    const updates = await updatesBetweenLines();
    const table = new Table({ head: ['destination', 'ms a line', 'share'], style: { head: [], border: [] } });
    for (const [name, destination] of Object.entries(openDestinations(folder))) {
      const rounds = Array.from({ length: Number(values.rounds) }, () =>
        millisecondsPerLine(destination, Number(values.lines)),
      );
      await destination.close(0);
      const milliseconds = median(rounds);
      const share = (100 * milliseconds) / updates.milliseconds;
      table.push([name, milliseconds.toFixed(3), `${share.toFixed(4)} %`]);
    }
    console.log(`a log line every ${updates.count} updates, ${updates.milliseconds.toFixed(0)} ms`);
    console.log(table.toString());
  } finally {
    removeFolder(folder);
  }
}

function openDestinations(folder: string): Record<string, LogDestination> {
  const settings = wandbSettings(loadConfig(RECIPE, ['logger.wandb=True', 'logger.wandb_mode=offline']))!;
  const seconds = () => performance.now() / 1000;
  const run = { runFolder: folder, name: 'bench', config: {}, resumedAt: null, seconds, note() {} };
  return {
    'metrics.jsonl': createMetricsFile(join(folder, 'metrics.jsonl'), seconds),
    TensorBoard: createTensorBoardLogger({ folder, configText: '', hyperparameters: {}, resumedAt: null }),
    'Weights & Biases, offline': openWandbRun({ ...run, settings }),
  };
}

function millisecondsPerLine(destination: LogDestination, lines: number): number {
  const stream = new RandomStream(0);
  const [q, actions, returns] = [2 * 256, 256 * 8, EPISODES].map((size) => {
    const values = new Float32Array(size);
    stream.fillNormal(values);
    return values;
  });
  const names = Array.from({ length: METRICS }, (_, i) => `train/some_metric_${i}`);
  const start = performance.now();
  for (let line = 1; line <= lines; line++) {
    destination.log(line, Object.fromEntries(names.map((name, i) => [name, q[i] * line])));
    destination.histogram?.(line, 'histograms/q', q);
    destination.histogram?.(line, 'histograms/actions', actions);
    destination.histogram?.(line, 'histograms/return', returns);
    destination.flush?.();
  }
  return (performance.now() - start) / lines;
}

/** Updates of the reference recipe between two log lines: their number, and the milliseconds that they take here. */
async function updatesBetweenLines(): Promise<{ count: number; milliseconds: number }> {
  const { train, env } = loadConfig(RECIPE, []);
  const count = (train.log_freq / (train.steps_per_env * env.num_envs)) * train.grad_updates_per_step;
  const agent = await createLearner(
    rlpd,
    {},
    { observationDim: 42, actionDim: 8, batchSize: train.batch_size },
    { seed: 0 },
  );
  const batches = allocateBatches(16, train.batch_size, train.batch_size / 2, 42, 8, agent.columns);
  new RandomStream(1).fillNormal(batches.observations);
  await agent.update(batches);
  const start = performance.now();
  await agent.update(batches);
  const milliseconds = ((performance.now() - start) / batches.count) * count;
  await agent.dispose();
  return { count, milliseconds };
}
