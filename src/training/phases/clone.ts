import { prefixed } from '../../logging/logger.js';
import type { StopSignal } from '../../stop_signal.js';
import { logMetrics, type Run } from '../run.js';
import { checkLosses } from '../watchdog.js';
import { nextDataBatches } from './data_batches.js';
import { cloneUpdates } from './schedules.js';

/**
 * The phase clone: the policy learns the demonstrated actions in `train.bc_warm_start_steps` updates, with a learning
 * rate that falls to a tenth of `train.bc_learning_rate` along half a cosine. Throws a UserError if a loss is not finite.
 */
export async function trainClone(run: Run, stop: StopSignal): Promise<void> {
  const { agent, progress, interval } = run;
  const { bc_learning_rate: learningRate } = run.config.train;
  const steps = cloneUpdates(run.config.train);
  if (progress.cloneSteps >= steps) return;
  const bar = run.display.startBar('cloning', steps, 'steps', progress.cloneSteps);
  try {
    while (progress.cloneSteps < steps && !stop.aborted) {
      const batches = await nextDataBatches(run, steps - progress.cloneSteps);
      const decay = 0.55 + 0.45 * Math.cos((Math.PI * progress.cloneSteps) / steps);
      agent.setLearningRate('clone', learningRate * decay);
      const metrics = await agent.update(batches, 'clone');
      progress.cloneSteps += batches.count;
      await checkLosses(run, metrics, batches);
      interval.updates.addAll(metrics);
      bar.update(progress.cloneSteps);
    }
  } finally {
    bar.stop();
  }
  if (progress.cloneSteps === steps) logMetrics(run, prefixed('pretrain', interval.updates.drain()));
}
