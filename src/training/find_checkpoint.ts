import { UserError } from '../errors.js';
import { checkpointPath, type LoadedCheckpoint, loadCheckpoint } from './checkpoint.js';
import { resumeCommand } from './failures.js';
import { savedNames } from './retention.js';
import type { RunFolder } from './run_folder.js';

/**
 * The checkpoint to go on from: `name`, by default `latest`; null if the run never came to save one. Throws a UserError
 * that says what is wrong with it and with which command to go on from the newest one that is intact.
 */
export function findCheckpoint(folder: RunFolder, name?: string): Promise<LoadedCheckpoint | null> {
  if (name === undefined && savedNames(folder.modelsPath).length === 0) return Promise.resolve(null);
  return loadOrOffer(folder, name ?? 'latest', (intact) => resumeCommand(folder, intact));
}

/** Loads a run's checkpoint `name`. If it is of no use, the UserError gives `command` for the newest intact one. */
export async function loadOrOffer(
  { modelsPath }: RunFolder,
  name: string,
  command: (name: string) => string,
): Promise<LoadedCheckpoint> {
  try {
    return await loadCheckpoint(checkpointPath(modelsPath, name));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const intact = await newestIntact(modelsPath, name);
    const offer = intact
      ? `the newest intact one is ${intact.name}, after ${intact.envSteps} env steps: ${command(intact.name)}`
      : `no other one in ${modelsPath} is intact`;
    throw new UserError(`${error.message}; ${offer}`, { cause: error });
  }
}

/** Reads all of them to the end: a checkpoint that is offered has to be one that works. */
async function newestIntact(
  modelsPath: string,
  except: string,
): Promise<{ name: string; envSteps: number } | null> {
  let newest: { name: string; envSteps: number; isWhole: boolean } | null = null;
  for (const name of savedNames(modelsPath)) {
    if (name === except) continue;
    try {
      const { progress, replay } = await loadCheckpoint(checkpointPath(modelsPath, name));
      const candidate = { name, envSteps: progress.envSteps, isWhole: replay !== null };
      const isNewer =
        !newest ||
        candidate.envSteps > newest.envSteps ||
        (candidate.envSteps === newest.envSteps && candidate.isWhole && !newest.isWhole);
      if (isNewer) newest = candidate;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
  }
  return newest;
}
