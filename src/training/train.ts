import type { Config } from '../config/schema.js';
import { duration } from '../duration.js';
import { createFolder } from '../files/folders.js';
import { fileExists } from '../files/reading.js';
import { removeStrays } from '../files/temporary_names.js';
import { rewindMetricsFile } from '../logging/metrics_file.js';
import { INTERRUPTED_EXIT_CODE, type StopSignal } from '../stop_signal.js';
import type { LoadedCheckpoint } from './checkpoints/checkpoint.js';
import { checkUnfinished, isFinished } from './checkpoints/resume.js';
import { restoreRun, saveLatest } from './checkpoints/saving.js';
import { closingLines } from './closing_lines.js';
import { closeRun, createRun, type RecordedEnvs } from './create_run.js';
import {
  confirmDatasets,
  type DatasetIdentity,
  identifyDatasets,
  recordDatasets,
} from './dataset/dataset_record.js';
import { datasetPaths, ensureDataset, usesData } from './dataset/run_dataset.js';
import { EnvironmentFailure, resumeCommand, withAdvice } from './failures.js';
import { type RunFolder, writeConfig } from './folder/run_folder.js';
import { keepStatus } from './folder/run_status.js';
import { startNotes } from './idle_settings.js';
import { runPhases } from './phases/run_phases.js';
import type { Run } from './run.js';
import type { RunDisplay } from './run_display.js';
import { freshProgress, resumedProgress, stepsText } from './run_progress.js';
import { describeSpace } from './space.js';

export interface TrainOptions {
  /** True goes on from the checkpoint also if the dataset is not the one that the run began with. */
  allowChangedDataset?: boolean;
  /** Left out: the environments are as they are. */
  recordedEnvs?: RecordedEnvs;
}

/**
 * Runs a training in `folder`, from the start or from `checkpoint`: its phases, with evaluations and checkpoints on the
 * way. When a stop is requested it saves `models/latest`. Resolves to true if it ran to its end. Throws a UserError,
 * and changes nothing, if the run is finished already, another process is at work on it, or its dataset has changed;
 * and one if numbers stop being finite, and if disk or memory run out.
 */
export async function train(
  config: Config,
  folder: RunFolder,
  checkpoint: LoadedCheckpoint | null,
  display: RunDisplay,
  stop: StopSignal,
  { allowChangedDataset: allowChanged = false, recordedEnvs }: TrainOptions = {},
): Promise<boolean> {
  if (checkpoint) checkUnfinished(folder.path, checkpoint, config);
  const identify = usesData(config)
    ? await datasetIdentification(config, folder, checkpoint, allowChanged, display)
    : null;
  return keepStatus(folder, async () => {
    try {
      return await runFrom(config, folder, checkpoint, identify, display, stop, recordedEnvs);
    } catch (error) {
      throw withAdvice(error, folder);
    }
  });
}

/** Identifies the data of a run, once they are there. Throws a UserError if those that are there already have changed. */
async function datasetIdentification(
  config: Config,
  folder: RunFolder,
  checkpoint: LoadedCheckpoint | null,
  allowChanged: boolean,
  display: RunDisplay,
): Promise<() => Promise<readonly DatasetIdentity[]>> {
  const paths = datasetPaths(config, folder);
  const confirm = (isMadeAgain: boolean) =>
    confirmDatasets(paths, folder, { isMadeAgain, allowChanged, note: display.note });
  // Demonstrations that the run made itself and that were removed since are made again.
  const isThere = config.train.dataset_path !== null || (await fileExists(paths[0]));
  const confirmed = checkpoint && isThere ? await confirm(false) : null;
  return async () => confirmed ?? (checkpoint ? confirm(true) : identifyDatasets(paths));
}

async function runFrom(
  config: Config,
  folder: RunFolder,
  checkpoint: LoadedCheckpoint | null,
  identify: (() => Promise<readonly DatasetIdentity[]>) | null,
  display: RunDisplay,
  stop: StopSignal,
  recordedEnvs: RecordedEnvs | undefined,
): Promise<boolean> {
  const startedAt = performance.now();
  const progress = checkpoint ? resumedProgress(checkpoint, config) : freshProgress(config);
  for (const note of startNotes(config, progress)) display.note(note);
  removeStrays(folder.path, { recursive: true });
  createFolder(folder.modelsPath);
  if (!checkpoint) await writeConfig(folder, config);
  const paths = identify ? await ensureDataset(config, folder, display, stop) : null;
  if (identify && paths === null) return false;
  const identities = await identify?.();
  // A run that can't go on with what it is given now stays as it was, to go on with what it had.
  const writeRecords = async () => {
    if (checkpoint) await writeConfig(folder, config);
    await rewindMetricsFile(folder.metricsPath, checkpoint?.progress.logRows ?? 0);
    if (identities) await recordDatasets(folder, identities);
  };
  const run = await createRun(
    config,
    folder,
    paths,
    display,
    startedAt,
    checkpoint,
    writeRecords,
    recordedEnvs,
  );
  try {
    if (checkpoint) await resume(run, checkpoint);
    for (const note of await describeSpace(run)) display.note(note);
    await runPhases(run, stop);
    for (const line of closingLines(run)) display.note(line);
  } catch (error) {
    run.logger.console(`error: ${error instanceof Error ? error.message : String(error)}`);
    if (error instanceof EnvironmentFailure) await keepProgress(run);
    // A failure of closing, in a folder that is gone for example, is not why the run ends.
    await closeRun(run, 1).catch(() => {});
    throw error;
  }
  const finished = isFinished(run.progress, config);
  await closeRun(run, finished ? 0 : INTERRUPTED_EXIT_CODE);
  return finished;
}

/** Saves the progress from before the environments failed. */
async function keepProgress(run: Run): Promise<void> {
  try {
    await saveLatest(run);
    const { progress, folder, display } = run;
    display.note(`saved at ${stepsText(progress)}; go on with: ${resumeCommand(folder)}`);
  } catch (error) {
    run.display.note(`not saved: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function resume(run: Run, checkpoint: LoadedCheckpoint): Promise<void> {
  await restoreRun(run, checkpoint);
  const { progress } = run;
  run.display.note(
    `going on from ${checkpoint.path} (${checkpoint.hash}): ${stepsText(progress)}, ` +
      `${progress.gradientSteps} updates, ${duration(progress.seconds)}`,
  );
  if (!checkpoint.replay && progress.envSteps > 0) {
    run.display.note(
      'the checkpoint holds no replay buffer (train.save_buffer_in_checkpoints): ' +
        `collecting ${run.config.train.num_seed_steps} env steps with the policy before the next update`,
    );
  }
}
