import { setImmediate } from 'node:timers/promises';
import { allocateBatches, type TransitionBatches } from '../../buffers/transitions.js';
import { prefixed } from '../../logging/logger.js';
import type { StopSignal } from '../../stop_signal.js';
import { logMetrics, type Run } from '../run.js';
import { checkLosses } from '../watchdog.js';
import { BATCHES_PER_CALL } from './data_batches.js';
import { modelUpdates } from './schedules.js';

/**
 * The phase model: the agent's model of the environment learns from the data, but for what is held out, in `train.model_steps`
 * updates. By the rest of the data those of its networks are chosen that rollouts go by. Throws a UserError if a loss is not finite.
 */
export async function trainModel(run: Run, stop: StopSignal): Promise<void> {
  const { agent, progress, interval, config } = run;
  const steps = modelUpdates(config.train);
  if (progress.modelSteps >= steps) return;
  const bar = run.display.startBar('model', steps, 'updates', progress.modelSteps);
  try {
    while (progress.modelSteps < steps && !stop.aborted) {
      const batches = nextBatches(run, steps - progress.modelSteps);
      const metrics = await agent.update(batches, 'model');
      progress.modelSteps += batches.count;
      await checkLosses(run, metrics, batches);
      interval.updates.addAll(metrics);
      bar.update(progress.modelSteps);
      await setImmediate(); // lets Ctrl-C through, whatever the backend
    }
  } finally {
    bar.stop();
  }
  if (progress.modelSteps < steps) return;
  const judgement = await agent.judgeModel(run.data!);
  logMetrics(run, prefixed('model', { ...interval.updates.drain(), ...judgement }));
}

function nextBatches({ agent, sampler, config }: Run, left: number): TransitionBatches {
  const { batch_size: batchSize } = config.train;
  const { observationDim, actionDim, columns } = agent;
  const count = Math.min(BATCHES_PER_CALL, left);
  const batches = allocateBatches(count, batchSize, batchSize, observationDim, actionDim, columns);
  sampler.fillForModel(batches);
  return batches;
}
