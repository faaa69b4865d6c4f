import { combineDestinations } from '../combined_logger.js';
import type { LogDestination } from '../logger.js';
import { LiveRun } from './live_run.js';
import { findPlace } from './run_place.js';
import type { WandbSettings } from './settings.js';
import { WandbLogger, type WandbRunOptions } from './wandb_logger.js';

export interface OpenWandbOptions extends Omit<WandbRunOptions, 'place'> {
  settings: WandbSettings;
  /** The run's folder, in which it keeps the id of its run at Weights & Biases. */
  runFolder: string;
  /** Tells the user. */
  note(text: string): void;
}

/**
 * Begins a run of Weights & Biases, or goes on with the one of this run folder, and prints at the end the command to
 * upload it. Online, its history is also shown there while it goes on.
 */
export function openWandbRun(options: OpenWandbOptions): LogDestination {
  const { settings, runFolder, name, config, note, now = Date.now } = options;
  const place = findPlace(runFolder, settings, new Date(now()));
  const { project, entity } = settings;
  // Rows are sent from the first one on: without those that were there already, they would take their places.
  const live =
    settings.mode === 'online' && !place.isContinuation
      ? new LiveRun({ id: place.runId, name, project, entity, config }, note)
      : null;
  const records = new WandbLogger({
    ...options,
    place,
    onRow: (step, items) => live?.row(step, items),
  });
  const command = `wandb sync${place.isContinuation ? ' --append' : ''} ${place.folder}`;
  const farewell: LogDestination = {
    log() {},
    async close(exitCode) {
      await live?.finish(exitCode);
      const purpose = live
        ? 'complete the run at Weights & Biases, with videos and console text'
        : 'upload the run to Weights & Biases';
      note(`${purpose}: ${command}`);
    },
  };
  return combineDestinations([records, farewell]);
}
