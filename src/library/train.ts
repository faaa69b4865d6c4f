import { existsSync } from 'node:fs';
import { DEFAULT_CONFIG } from '../config/load.js';
import { writeText } from '../config/read_value.js';
import { UserError } from '../errors.js';
import { checkMayStartWorkers } from '../rollout/task_module.js';
import { type RunResults, readRun } from '../runs/run_record.js';
import { NEVER_STOP, type StopSignal } from '../stop_signal.js';
import { checkpointPath } from '../training/checkpoints/checkpoint.js';
import { findResumePoint } from '../training/checkpoints/load_policy.js';
import { discardIfEmpty } from '../training/folder/run_folder.js';
import { type PreparedRun, prepareResumption, prepareRun } from '../training/prepare_run.js';
import { createRunDisplay } from '../training/run_display.js';
import { train as trainIn } from '../training/train.js';

export interface TrainingOptions {
  /** A YAML file; the default recipe if left out. */
  config?: string;
  /** A run folder, or a checkpoint in one, to go on from: with its own configuration, so without `config`. */
  resume?: string;
  /** Settings that differ from the configuration, by the keys of docs/configuration.md: `{ 'train.steps': 20_000 }`. */
  overrides?: Readonly<Record<string, unknown>>;
  /** Aborting it ends the training after its present step, with a checkpoint to go on from. */
  signal?: StopSignal;
}

/** A training's outcome. */
export interface TrainingResult extends RunResults {
  /** The folder of the run. */
  path: string;
  /** The last checkpoint, for `loadPolicy` and to resume; null if it was stopped before there was one. */
  checkpoint: string | null;
  /** False if it was stopped before its end. */
  isFinished: boolean;
}

/**
 * Trains as `rlpd train` does, in a new run folder or in that of the run to go on with, and tells on the console how it goes
 * (`verbose: 0`: hardly anything). Throws a UserError if something is wrong with the settings or what they name.
 */
export async function train(options: TrainingOptions = {}): Promise<TrainingResult> {
  checkMayStartWorkers();
  const { signal = NEVER_STOP } = options;
  const { config, folder, checkpoint, notes } = await prepare(options);
  const display = createRunDisplay(config.verbose === 1);
  for (const note of notes) display.note(note);
  try {
    const isFinished = await trainIn(config, folder, checkpoint, display, signal);
    const { results } = readRun(folder.path);
    const last = checkpointPath(folder.modelsPath, 'latest');
    return { ...results, path: folder.path, checkpoint: existsSync(last) ? last : null, isFinished };
  } finally {
    if (options.resume === undefined) discardIfEmpty(folder);
  }
}

function prepare({ config, resume, overrides = {} }: TrainingOptions): Promise<PreparedRun> {
  const words = Object.entries(overrides).map(([key, value]) => `${key}=${writeText(value)}`);
  if (resume === undefined) return prepareRun(config ?? DEFAULT_CONFIG, words);
  if (config === undefined) return prepareResumption(findResumePoint(resume), words);
  throw new UserError(`resume: ${resume} has its own configuration: leave out config (${config}), or resume`);
}
