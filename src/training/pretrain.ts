import type { Metrics } from '../agents/agent.js';
import { allocateBatches, type TransitionBatches } from '../data/transitions.js';
import { prefixed } from '../logging/logger.js';
import type { StopSignal } from '../stop_signal.js';
import { logMetrics, type Run } from './run.js';
import { checkLosses } from './watchdog.js';

/** Batches per call: enough to keep the display quiet, few enough to stop quickly on Ctrl-C. */
const BATCHES_PER_CALL = 10;

/**
 * Behaviour-cloning warm start: fits the actor to the demonstrated actions for `sac.bc_warm_start_steps` gradient
 * steps, with a learning rate that falls to a tenth of `sac.bc_learning_rate` along half a cosine.
 */
export async function warmStartActor(run: Run, stop: StopSignal): Promise<void> {
  const { sac } = run.config;
  await pretrain(run, stop, 'cloneSteps', sac.bc_warm_start_steps, 'cloning', async (batches, done) => {
    const decay = 0.55 + 0.45 * Math.cos((Math.PI * done) / sac.bc_warm_start_steps);
    run.agent.setLearningRates({ cloneLearningRate: sac.bc_learning_rate * decay });
    return run.agent.cloneBehaviour(batches);
  });
}

/**
 * Critic pre-training: `sac.critic_pretrain_steps` updates of the critics alone, on demonstrations. A cloned actor with
 * untrained critics loses in the first online updates what it has learnt.
 */
export async function pretrainCritics(run: Run, stop: StopSignal): Promise<void> {
  const steps = run.config.sac.critic_pretrain_steps;
  await pretrain(run, stop, 'pretrainSteps', steps, 'critic pre-training', (batches) =>
    run.agent.updateCritics(batches),
  );
}

async function pretrain(
  run: Run,
  stop: StopSignal,
  counter: 'cloneSteps' | 'pretrainSteps',
  totalSteps: number,
  label: string,
  update: (batches: TransitionBatches, done: number) => Promise<Metrics>,
): Promise<void> {
  if (run.progress[counter] >= totalSteps) return;
  const { batch_size: batchSize } = run.config.sac;
  const { observationDim, actionDim } = run.agent;
  const bar = run.display.startBar(label, totalSteps, 'steps', run.progress[counter]);
  try {
    while (run.progress[counter] < totalSteps && !stop.aborted) {
      const count = Math.min(BATCHES_PER_CALL, totalSteps - run.progress[counter]);
      const batches = allocateBatches(count, batchSize, batchSize, observationDim, actionDim);
      run.sampler.fillFromDemonstrations(batches);
      const metrics = await update(batches, run.progress[counter]);
      run.progress[counter] += count;
      await checkLosses(run, metrics, batches);
      run.interval.updates.add(metrics);
      bar.update(run.progress[counter]);
    }
  } finally {
    bar.stop();
  }
  if (run.progress[counter] === totalSteps) {
    logMetrics(run, prefixed('pretrain', run.interval.updates.take()));
  }
}
