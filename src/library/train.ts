import { DEFAULT_CONFIG } from '../config/load.js';
import { writeText } from '../config/read_value.js';
import { type RunResults, readRun } from '../runs/run_record.js';
import { NEVER_STOP, type StopSignal } from '../stop_signal.js';
import { checkpointPath } from '../training/checkpoints/checkpoint.js';
import { discardIfEmpty } from '../training/folder/run_folder.js';
import { prepareRun } from '../training/prepare_run.js';
import { createRunDisplay } from '../training/run_display.js';
import { train as trainIn } from '../training/train.js';

export interface TrainingOptions {
  /** A YAML file; the default recipe if left out. */
  config?: string;
  /** Settings that differ from it, by the keys of docs/configuration.md: `{ 'train.steps': 20_000 }`. */
  overrides?: Readonly<Record<string, unknown>>;
  /** Aborting it ends the training after its present step, with a checkpoint to go on from. */
  signal?: StopSignal;
}

/** A training's outcome. */
export interface TrainingResult extends RunResults {
  /** The folder of the run. */
  path: string;
  /** The last checkpoint, for `loadPolicy` and `rlpd train --resume`. */
  checkpoint: string;
  /** False if it was stopped before its end. */
  isFinished: boolean;
}

/**
 * Trains as `rlpd train` does, in a new run folder, and tells on the console how it goes (`verbose: 0`: hardly anything).
 * Throws a UserError if something is wrong with the settings or what they name.
 */
export async function train({
  config: recipe = DEFAULT_CONFIG,
  overrides = {},
  signal = NEVER_STOP,
}: TrainingOptions = {}): Promise<TrainingResult> {
  const words = Object.entries(overrides).map(([key, value]) => `${key}=${writeText(value)}`);
  const { config, folder, notes } = await prepareRun(recipe, words);
  const display = createRunDisplay(config.verbose === 1);
  for (const note of notes) display.note(note);
  try {
    const isFinished = await trainIn(config, folder, null, display, signal);
    const { results } = readRun(folder.path);
    return {
      ...results,
      path: folder.path,
      checkpoint: checkpointPath(folder.modelsPath, 'latest'),
      isFinished,
    };
  } finally {
    discardIfEmpty(folder);
  }
}
