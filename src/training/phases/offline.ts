import { setImmediate } from 'node:timers/promises';
import { offlinePhase } from '../../learner/algorithm.js';
import type { StopSignal } from '../../stop_signal.js';
import { beginInterval } from '../logs/log_interval.js';
import type { Run } from '../run.js';
import { stepsOf } from '../run_progress.js';
import { checkLosses } from '../watchdog.js';
import { nextDataBatches } from './data_batches.js';
import { doWhatIsDue } from './due.js';
import { offlineUpdates } from './schedules.js';

/**
 * The phase offline: `train.offline_steps` updates on the data alone, by the algorithm's own updates for that, or else
 * by those of the phase online. Ends early when a stop is requested. Throws a UserError if a loss is not finite.
 */
export async function trainOffline(run: Run, stop: StopSignal): Promise<void> {
  const { agent, progress, interval, config } = run;
  const steps = offlineUpdates(config.train);
  const phase = offlinePhase(agent.phases);
  if (progress.offlineSteps === 0) beginInterval(run);
  const bar = run.display.startBar('offline', steps, 'updates', progress.offlineSteps);
  try {
    while (progress.offlineSteps < steps && !stop.aborted) {
      const before = stepsOf(progress);
      await interval.clock.time('update', async () => {
        const batches = await nextDataBatches(run, steps - progress.offlineSteps);
        const metrics = await agent.update(batches, phase, { done: progress.offlineSteps, planned: steps });
        progress.offlineSteps += batches.count;
        progress.gradientSteps += batches.count;
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
