import type { Config } from '../config/schema.js';
import { duration } from '../duration.js';
import { INTERRUPTED_EXIT_CODE, type StopSignal } from '../stop_signal.js';
import type { LoadedCheckpoint } from './checkpoint.js';
import { closeRun, createRun } from './create_run.js';
import { ensureDataset } from './dataset.js';
import { evaluateRun } from './evaluation.js';
import { trainOnline } from './online_loop.js';
import { pretrainCritics, warmStartActor } from './pretrain.js';
import { checkUnfinished } from './resume.js';
import type { Run } from './run.js';
import type { RunDisplay } from './run_display.js';
import type { RunFolder } from './run_folder.js';
import { keepStatus } from './run_status.js';
import { restoreRun, saveRun } from './saving.js';

/**
 * Runs a training in `folder`, from the start or from `checkpoint`: demonstrations, warm start, online phase, with
 * evaluations and checkpoints on the way. When a stop is requested it saves `models/latest`. Returns
 * whether it ran to its end. Throws a UserError if the run is finished already or another process is at work on it.
 */
export async function train(
  config: Config,
  folder: RunFolder,
  checkpoint: LoadedCheckpoint | null,
  display: RunDisplay,
  stop: StopSignal,
): Promise<boolean> {
  if (checkpoint) checkUnfinished(folder.path, checkpoint, config);
  return keepStatus(folder, () => runPhases(config, folder, checkpoint, display, stop));
}

async function runPhases(
  config: Config,
  folder: RunFolder,
  checkpoint: LoadedCheckpoint | null,
  display: RunDisplay,
  stop: StopSignal,
): Promise<boolean> {
  const startedAt = performance.now();
  const datasetPath = await ensureDataset(config, folder, display, stop);
  if (datasetPath === null) return false;
  const resumedAt = checkpoint?.progress.envSteps ?? null;
  const run = await createRun(config, folder, datasetPath, display, startedAt, resumedAt);
  let exitCode = 1;
  try {
    if (checkpoint) await resume(run, checkpoint);
    await warmStartActor(run, stop);
    await pretrainCritics(run, stop);
    if (run.progress.envSteps === 0 && run.progress.cloneSteps > 0 && !stop.aborted) await evaluateRun(run);
    await trainOnline(run, stop);
    const last = run.progress.evaluations.at(-1);
    if (!stop.aborted && last?.envSteps !== run.progress.envSteps) await evaluateRun(run);
    await saveRun(run);
    report(run, stop);
    exitCode = stop.aborted ? INTERRUPTED_EXIT_CODE : 0;
    return !stop.aborted;
  } catch (error) {
    run.logger.console(`error: ${error instanceof Error ? error.message : String(error)}`);
    throw error;
  } finally {
    await closeRun(run, exitCode);
  }
}

async function resume(run: Run, checkpoint: LoadedCheckpoint): Promise<void> {
  await restoreRun(run, checkpoint);
  const { progress } = run;
  run.display.note(
    `going on from ${checkpoint.path} (${checkpoint.hash}): ${progress.envSteps} env steps, ` +
      `${progress.gradientSteps} updates, ${duration(progress.seconds)}`,
  );
  if (!checkpoint.replay && progress.envSteps > 0) {
    run.display.note(
      'the checkpoint holds no replay buffer (train.save_buffer_in_checkpoints): ' +
        `collecting ${run.config.sac.num_seed_steps} env steps with the policy before the next update`,
    );
  }
}

function report(run: Run, stop: StopSignal): void {
  const { progress, display, folder } = run;
  if (stop.aborted) {
    display.note(
      `stopped at ${progress.envSteps} env steps and saved; go on with: npx rlpd train --resume ${folder.path}`,
    );
    return;
  }
  const target = 0.95;
  const { evaluations } = progress;
  const first = evaluations.findIndex(({ successAtEnd }) => successAtEnd >= target);
  const last = evaluations[evaluations.length - 1];
  const lines = [
    `finished ${progress.envSteps} env steps, ${progress.gradientSteps} updates in ${duration(run.seconds())}`,
    `success_at_end ${last.successAtEnd.toFixed(2)} in the last evaluation, first success at step ` +
      `${last.firstSuccessStep ?? '-'} (median)`,
  ];
  if (first >= 0) {
    const { envSteps, seconds } = evaluations[first];
    const lowest = Math.min(...evaluations.slice(first).map(({ successAtEnd }) => successAtEnd));
    lines.push(
      `success_at_end >= ${target} first after ${envSteps} env steps, ${duration(seconds)}; ` +
        `the lowest evaluation since is ${lowest.toFixed(2)}`,
    );
  } else {
    lines.push(`success_at_end stayed below ${target}`);
  }
  lines.push(`evaluate it with: npx rlpd eval ${folder.path}`);
  for (const line of lines) display.note(line);
}
