import { combineDestinations } from '../combined_logger.js';
import type { LogDestination } from '../logger.js';
import { findPlace } from './run_place.js';
import type { WandbSettings } from './settings.js';
import { WandbLogger, type WandbRunOptions } from './wandb_logger.js';

export interface OpenWandbOptions extends Omit<WandbRunOptions, 'place'> {
  settings: WandbSettings;
  /** Where the run remembers which run of Weights & Biases it is. */
  runFolder: string;
  /** Tells the user. */
  note(text: string): void;
}

/** Begins a run of Weights & Biases, or goes on with the one of this run folder, and says at the end how to upload it. */
export function openWandbRun(options: OpenWandbOptions): LogDestination {
  const { settings, runFolder, note, now = Date.now } = options;
  const place = findPlace(runFolder, settings, new Date(now()));
  const records = new WandbLogger({ ...options, place });
  const command = `wandb sync${place.isContinuation ? ' --append' : ''} ${place.folder}`;
  const farewell: LogDestination = {
    log() {},
    close: async () => note(`upload the run to Weights & Biases with: ${command}`),
  };
  return combineDestinations([records, farewell]);
}
