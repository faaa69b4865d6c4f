import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { UserError } from '../../errors.js';
import { resumeCommand } from '../failures.js';
import type { RunFolder } from '../folder/run_folder.js';
import { type RunProgress, stepsOf, stepsText } from '../run_progress.js';
import {
  CHECKPOINT_EXTENSION,
  checkpointPath,
  type LoadedCheckpoint,
  loadCheckpoint,
  savedNames,
} from './checkpoint.js';

/**
 * The checkpoint that a run goes on from: `name`, by default `latest`, or the newest one if the run has not saved that;
 * null if it has none. Throws a UserError that names the problem with it and the command to go on from the newest one
 * that is intact.
 */
export async function loadResumePoint(folder: RunFolder, name?: string): Promise<LoadedCheckpoint | null> {
  const path = checkpointPath(folder.modelsPath, name ?? 'latest');
  if (name === undefined && !existsSync(path)) {
    const newest = await newestIntact(folder.modelsPath, path);
    return newest && loadCheckpoint(newest.path);
  }
  return loadOrOffer(path, (intact) => resumeCommand(folder, basename(intact, CHECKPOINT_EXTENSION)));
}

/** Loads a checkpoint. If it is of no use, the UserError gives the `command` with the newest intact one beside it. */
export async function loadOrOffer(
  path: string,
  command: (path: string) => string,
): Promise<LoadedCheckpoint> {
  try {
    return await loadCheckpoint(path);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const intact = await newestIntact(dirname(path), path);
    if (!intact) throw error;
    throw new UserError(
      `${error.message}; the newest intact one was saved after ${stepsText(intact.progress)}: ${command(intact.path)}`,
      { cause: error },
    );
  }
}

interface IntactCheckpoint {
  path: string;
  progress: RunProgress;
  hasReplay: boolean;
}

/** The newest intact checkpoint but `except`. Reads each to its end: a checkpoint that is offered has to work. */
async function newestIntact(modelsPath: string, except: string): Promise<IntactCheckpoint | null> {
  const intact: IntactCheckpoint[] = [];
  for (const name of savedNames(modelsPath)) {
    const path = checkpointPath(modelsPath, name);
    if (path === except) continue;
    try {
      const { progress, replay } = await loadCheckpoint(path);
      intact.push({ path, progress, hasReplay: replay !== null });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
  }
  intact.sort(
    (a, b) => stepsOf(b.progress) - stepsOf(a.progress) || Number(b.hasReplay) - Number(a.hasReplay),
  );
  return intact[0] ?? null;
}
