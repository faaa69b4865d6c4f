import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { loadConfig } from '../../src/config/load.js';

const NAME = 'first-update';

/**
 * The seconds from starting `rlpd train` with this recipe until its first update is made and logged: loading the program
 * and the demonstrations, compiling the learner, and the recipe's seed steps.
 */
export async function secondsToFirstUpdate(
  recipe: string,
  datasetPath: string,
  workspace: string,
): Promise<number> {
  const { train } = loadConfig(recipe, []);
  const metricsPath = join(workspace, NAME, 'metrics.jsonl');
  const cli = fileURLToPath(new URL('../../src/cli.js', import.meta.url));
  const overrides = [
    `train.dataset_path=${datasetPath}`,
    `logger.workspace=${workspace}`,
    `logger.exp_name=${NAME}`,
    // So that the first update is followed by the first line of the log.
    'train.grad_updates_per_step=1',
    `train.log_freq=${train.num_seed_steps}`,
    'verbose=0',
  ];
  const started = Date.now();
  const training = spawn(process.execPath, [cli, 'train', recipe, ...overrides], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(training, 'close');
  try {
    while (!existsSync(metricsPath) || statSync(metricsPath).size === 0) {
      if (training.exitCode !== null) throw new Error(`the training ended with code ${training.exitCode}`);
      await sleep(20);
    }
    return (statSync(metricsPath).mtimeMs - started) / 1000;
  } finally {
    training.kill('SIGKILL');
    await ended;
  }
}
