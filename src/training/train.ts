import { commandText } from '../command_text.js';
import type { Config } from '../config/schema.js';
import { duration } from '../duration.js';
import { createFolder } from '../files/folders.js';
import { fileExists } from '../files/reading.js';
import { removeStrays } from '../files/temporary_names.js';
import { rewindMetricsFile } from '../logging/metrics_file.js';
import { INTERRUPTED_EXIT_CODE, type StopSignal } from '../stop_signal.js';
import type { LoadedCheckpoint } from './checkpoint.js';
import { closeRun, createRun } from './create_run.js';
import { datasetPath, ensureDataset } from './dataset.js';
import { confirmDataset, type DatasetIdentity, identifyDataset, recordDataset } from './dataset_record.js';
import { evaluateRun } from './evaluation.js';
import { EnvironmentFailure, resumeCommand, withAdvice } from './failures.js';
import { startNotes } from './idle_settings.js';
import { trainOnline } from './online_loop.js';
import { checkUnfinished, isFinished } from './resume.js';
import type { Run } from './run.js';
import type { RunDisplay } from './run_display.js';
import { type RunFolder, writeConfig } from './run_folder.js';
import { freshProgress, resumedProgress } from './run_progress.js';
import { keepStatus } from './run_status.js';
import { restoreRun, saveLatest } from './saving.js';
import { describeSpace } from './space.js';
import { warmStartActor } from './warm_start.js';

export interface TrainOptions {
  /** Goes on from the checkpoint also if the dataset is not the one that the run began with. */
  allowChangedDataset?: boolean;
}

/**
 * Runs a training in `folder`, from the start or from `checkpoint`: demonstrations, warm start, online phase, with
 * evaluations and checkpoints on the way. When a stop is requested it saves `models/latest`. Returns
 * whether it ran to its end. Throws a UserError, and changes nothing, if the run is finished already, another process is
 * at work on it, or its dataset has changed; and one if numbers stop being finite, and if disk or memory run out.
 */
export async function train(
  config: Config,
  folder: RunFolder,
  checkpoint: LoadedCheckpoint | null,
  display: RunDisplay,
  stop: StopSignal,
  { allowChangedDataset: allowChanged = false }: TrainOptions = {},
): Promise<boolean> {
  if (checkpoint) checkUnfinished(folder.path, checkpoint, config);
  const path = datasetPath(config, folder);
  const confirm = (isMadeAgain: boolean) =>
    confirmDataset(path, folder, { isMadeAgain, allowChanged, note: display.note });
  // Demonstrations that the run made itself and that were removed since are made again.
  const isThere = config.train.dataset_path !== null || (await fileExists(path));
  const confirmed = checkpoint && isThere ? await confirm(false) : null;
  const identify = async () => confirmed ?? (checkpoint ? confirm(true) : identifyDataset(path));
  return keepStatus(folder, async () => {
    try {
      return await runPhases(config, folder, checkpoint, identify, display, stop);
    } catch (error) {
      throw withAdvice(error, folder);
    }
  });
}

async function runPhases(
  config: Config,
  folder: RunFolder,
  checkpoint: LoadedCheckpoint | null,
  identify: () => Promise<DatasetIdentity>,
  display: RunDisplay,
  stop: StopSignal,
): Promise<boolean> {
  const startedAt = performance.now();
  const progress = checkpoint ? resumedProgress(checkpoint, config) : freshProgress(config);
  for (const note of startNotes(config, progress)) display.note(note);
  removeStrays(folder.path, { recursive: true });
  createFolder(folder.modelsPath);
  await writeConfig(folder, config);
  await rewindMetricsFile(folder.metricsPath, checkpoint?.progress.logRows ?? 0);
  const path = await ensureDataset(config, folder, display, stop);
  if (path === null) return false;
  await recordDataset(folder, await identify());
  const run = await createRun(config, folder, path, display, startedAt, checkpoint);
  try {
    if (checkpoint) await resume(run, checkpoint);
    for (const note of await describeSpace(run)) display.note(note);
    await runSteps(run, stop);
    report(run);
  } catch (error) {
    run.logger.console(`error: ${error instanceof Error ? error.message : String(error)}`);
    if (error instanceof EnvironmentFailure) await keepProgress(run);
    // What fails now, in a folder that is gone for example, is not why the run ends.
    await closeRun(run, 1).catch(() => {});
    throw error;
  }
  const finished = isFinished(run.progress, config);
  await closeRun(run, finished ? 0 : INTERRUPTED_EXIT_CODE);
  return finished;
}

async function runSteps(run: Run, stop: StopSignal): Promise<void> {
  const { progress } = run;
  const isEvaluated = () => progress.evaluations.at(-1)?.envSteps === progress.envSteps;
  await warmStartActor(run, stop);
  if (progress.envSteps === 0 && !stop.aborted) {
    if (progress.cloneSteps > 0 && !isEvaluated()) await evaluateRun(run);
    // From here on there is a checkpoint to go on from, whatever happens.
    await saveLatest(run);
  }
  await trainOnline(run, stop);
  if (!stop.aborted && !isEvaluated()) await evaluateRun(run);
  await saveLatest(run);
}

/** Saves what was learnt before the environments failed. */
async function keepProgress(run: Run): Promise<void> {
  try {
    await saveLatest(run);
    const { progress, folder, display } = run;
    display.note(`saved at ${progress.envSteps} env steps; go on with: ${resumeCommand(folder)}`);
  } catch (error) {
    run.display.note(`not saved: ${error instanceof Error ? error.message : String(error)}`);
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

function report(run: Run): void {
  const { progress, display, folder, config } = run;
  if (!isFinished(progress, config)) {
    display.note(`stopped at ${progress.envSteps} env steps and saved; go on with: ${resumeCommand(folder)}`);
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
  lines.push(`evaluate it with: ${commandText('eval', folder.path)}`);
  for (const line of lines) display.note(line);
}
