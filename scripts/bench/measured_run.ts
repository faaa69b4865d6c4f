import { loadConfig } from '../../src/config/load.js';
import { saveNumbered } from '../../src/training/checkpoints/saving.js';
import { closeRun, createRun } from '../../src/training/create_run.js';
import { evaluateRun } from '../../src/training/evaluation/evaluation.js';
import { createRunFolder } from '../../src/training/folder/run_folder.js';
import { logInterval } from '../../src/training/logs/log_interval.js';
import { trainOnline } from '../../src/training/phases/online.js';
import type { Run } from '../../src/training/run.js';
import type { RunDisplay } from '../../src/training/run_display.js';
import { stopwatch } from './stopwatch.js';
import { type Costs, costsPerEnvStep, type Stretch } from './training_costs.js';

/** Updates before the first measurement, for compilers and caches. */
const WARM_UP_UPDATES = 32;

/** A training of a recipe in this process, whose calls are timed. Its videos are left out: they have a thread. */
export class MeasuredRun {
  private readonly watches: Record<'env' | 'inference' | 'sampling' | 'update' | 'log', () => number>;

  private constructor(private readonly run: Run) {
    this.watches = {
      env: stopwatch(run.online!.envs, 'step'),
      inference: stopwatch(run.agent, 'act'),
      sampling: stopwatch(run.sampler, 'fill'),
      update: stopwatch(run.agent, 'update'),
      log: stopwatch(run.interval.clock, 'time', (phase) => phase === 'log'),
    };
  }

  /** Begins the training, as far as its first updates, in a folder within `workspace`. */
  static async begin(recipe: string, datasetPath: string, workspace: string): Promise<MeasuredRun> {
    const config = loadConfig(recipe, [
      `train.dataset_path=${datasetPath}`,
      `logger.workspace=${workspace}`,
      'eval.num_videos=0',
    ]);
    const folder = await createRunFolder(config);
    const run = await createRun(
      config,
      folder,
      [datasetPath],
      SILENT,
      performance.now(),
      null,
      async () => {},
    );
    const measured = new MeasuredRun(run);
    await measured.trainUntil(() => run.progress.gradientSteps >= WARM_UP_UPDATES);
    return measured;
  }

  /** The costs of `seconds` more of the training, and of one log line, one evaluation and one checkpoint each. */
  async costs(seconds: number): Promise<Costs> {
    const stretch = await this.stretch(seconds);
    const occasions = {
      log: await secondsOf(async () => logInterval(this.run)),
      eval: await secondsOf(() => evaluateRun(this.run)),
      save: await secondsOf(() => saveNumbered(this.run)),
    };
    return costsPerEnvStep(stretch, occasions, this.run.config);
  }

  close(): Promise<void> {
    return closeRun(this.run, 0);
  }

  private async stretch(seconds: number): Promise<Stretch> {
    const { envSteps } = this.run.progress;
    // Evaluations have called some of them.
    this.drainAll();
    const start = performance.now();
    const elapsed = await secondsOf(() => this.trainUntil(() => performance.now() - start > 1000 * seconds));
    return { envSteps: this.run.progress.envSteps - envSteps, elapsed, ...this.drainAll() };
  }

  private trainUntil(isEnough: () => boolean): Promise<void> {
    const stop = {
      get aborted() {
        return isEnough();
      },
    };
    return trainOnline(this.run, stop);
  }

  private drainAll() {
    const { env, inference, sampling, update, log } = this.watches;
    return {
      env: env(),
      inference: inference(),
      sampling: sampling(),
      update: update(),
      log: log(),
    };
  }
}

const SILENT: RunDisplay = {
  note() {},
  listen() {},
  startBar: () => ({ update() {}, print() {}, stop() {} }),
  evaluation() {},
  demonstrations() {},
};

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
