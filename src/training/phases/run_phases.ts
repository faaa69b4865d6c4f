import type { TrainingPhase } from '../../config/phases.js';
import type { StopSignal } from '../../stop_signal.js';
import { saveLatest } from '../checkpoints/saving.js';
import { evaluateRun } from '../evaluation/evaluation.js';
import type { Run } from '../run.js';
import { isEvaluated, type RunProgress } from '../run_progress.js';
import { trainClone } from './clone.js';
import { handOver } from './hand_over.js';
import { trainModel } from './model.js';
import { trainOffline } from './offline.js';
import { trainOnline } from './online.js';

const TRAININGS: Record<TrainingPhase, (run: Run, stop: StopSignal) => Promise<void>> = {
  model: trainModel,
  clone: trainClone,
  offline: trainOffline,
  online: trainOnline,
};

/**
 * Trains a run's phases one after another, from where its progress says, and saves it; a policy that was trained is
 * evaluated before the next phase, and in the end. When a stop is requested it only saves.
 */
export async function runPhases(run: Run, stop: StopSignal): Promise<void> {
  const { config, progress } = run;
  for (const phase of config.train.phases) {
    if (stop.aborted) break;
    const counter = COUNTERS[phase];
    if (counter && progress[counter] === 0) {
      if (hasLearnt(progress) && !isEvaluated(progress)) await evaluateRun(run);
      if (phase === 'online') await handOver(run);
      // From here on there is a checkpoint to go on from, whatever happens.
      await saveLatest(run);
    }
    await TRAININGS[phase](run, stop);
  }
  if (!stop.aborted && !isEvaluated(progress)) await evaluateRun(run);
  await saveLatest(run);
}

/** The steps of the phases by which a run is logged. */
const COUNTERS: Partial<Record<TrainingPhase, 'offlineSteps' | 'envSteps'>> = {
  offline: 'offlineSteps',
  online: 'envSteps',
};

function hasLearnt({ cloneSteps, gradientSteps }: RunProgress): boolean {
  return cloneSteps + gradientSteps > 0;
}
