import { setImmediate } from 'node:timers/promises';
import { allocateBatches } from '../../buffers/transitions.js';
import type { PhaseName } from '../../learner/algorithm.js';
import type { StopSignal } from '../../stop_signal.js';
import { beginInterval } from '../logs/log_interval.js';
import type { Run } from '../run.js';
import { stepsOf } from '../run_progress.js';
import { checkLosses } from '../watchdog.js';
import { doWhatIsDue } from './due.js';
import { offlineUpdates } from './schedules.js';

/** Batches per call: enough for a quiet display, few enough to stop quickly on Ctrl-C. */
const BATCHES_PER_CALL = 10;

/**
 * The phase offline: `train.offline_steps` updates on the data alone, by the algorithm's own updates for that, or else
 * by those of the phase online. Ends early when a stop is requested. Throws a UserError if a loss is not finite.
 */
export async function trainOffline(run: Run, stop: StopSignal): Promise<void> {
  const { agent, progress, interval, config } = run;
  const { batch_size: batchSize } = config.train;
  const steps = offlineUpdates(config.train);
  const phase: PhaseName = agent.phases.includes('offline') ? 'offline' : 'online';
  if (progress.offlineSteps === 0) beginInterval(run);
  const bar = run.display.startBar('offline', steps, 'updates', progress.offlineSteps);
  try {
    while (progress.offlineSteps < steps && !stop.aborted) {
      const before = stepsOf(progress);
      const count = Math.min(BATCHES_PER_CALL, steps - progress.offlineSteps);
      const batches = allocateBatches(
        count,
        batchSize,
        batchSize,
        agent.observationDim,
        agent.actionDim,
        agent.columns,
      );
      await interval.clock.time('update', async () => {
        run.sampler.fillFromDemonstrations(batches);
        const metrics = await agent.update(batches, phase);
        progress.offlineSteps += count;
        progress.gradientSteps += count;
        await checkLosses(run, metrics, batches);
        interval.updates.addAll(metrics);
      });
      interval.trainingSteps++;
      bar.update(progress.offlineSteps, interval.live(progress.gradientSteps));
      await doWhatIsDue(run, before);
      await setImmediate(); // lets Ctrl-C through, whatever the backend
    }
  } finally {
    bar.stop();
  }
}
