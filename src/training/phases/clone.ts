import { allocateBatches } from '../../buffers/transitions.js';
import { prefixed } from '../../logging/logger.js';
import type { StopSignal } from '../../stop_signal.js';
import { logMetrics, type Run } from '../run.js';
import { checkLosses } from '../watchdog.js';
import { cloneUpdates } from './schedules.js';

/** Batches per call: enough for a quiet display, few enough to stop quickly on Ctrl-C. */
const BATCHES_PER_CALL = 10;

/**
 * The phase clone: the policy learns the demonstrated actions in `train.bc_warm_start_steps` updates, with a learning
 * rate that falls to a tenth of `train.bc_learning_rate` along half a cosine. Throws a UserError if a loss is not finite.
 */
export async function trainClone(run: Run, stop: StopSignal): Promise<void> {
  const { agent, progress, interval } = run;
  const { bc_learning_rate: learningRate, batch_size: batchSize } = run.config.train;
  const steps = cloneUpdates(run.config.train);
  if (progress.cloneSteps >= steps) return;
  const bar = run.display.startBar('cloning', steps, 'steps', progress.cloneSteps);
  try {
    while (progress.cloneSteps < steps && !stop.aborted) {
      const count = Math.min(BATCHES_PER_CALL, steps - progress.cloneSteps);
      const batches = allocateBatches(
        count,
        batchSize,
        batchSize,
        agent.observationDim,
        agent.actionDim,
        agent.columns,
      );
      run.sampler.fillFromDemonstrations(batches);
      const decay = 0.55 + 0.45 * Math.cos((Math.PI * progress.cloneSteps) / steps);
      agent.setLearningRate('clone', learningRate * decay);
      const metrics = await agent.update(batches, 'clone');
      progress.cloneSteps += count;
      await checkLosses(run, metrics, batches);
      interval.updates.addAll(metrics);
      bar.update(progress.cloneSteps);
    }
  } finally {
    bar.stop();
  }
  if (progress.cloneSteps === steps) logMetrics(run, prefixed('pretrain', interval.updates.drain()));
}
