import { removeFile } from '../../files/atomic.js';
import { checkpointPath, savedNames } from './checkpoint.js';
import { policyPath } from './policy_export.js';

/** The name of the checkpoint that a run saves after `envSteps` env steps. */
export function numberedName(envSteps: number): string {
  return `ckpt_${envSteps}`;
}

/**
 * Removes the oldest `ckpt_*` and their policies so that `keep` are left of those up to `envSteps`. Later ones are of a
 * run that was set back, which will write them anew.
 */
export async function removeOldCheckpoints(
  modelsPath: string,
  keep: number,
  envSteps: number,
): Promise<void> {
  const numbers = savedNames(modelsPath)
    .map((name) => Number(/^ckpt_(\d+)$/.exec(name)?.[1]))
    .filter((number) => number <= envSteps)
    .sort((a, b) => b - a);
  for (const number of numbers.slice(keep)) {
    const name = numberedName(number);
    for (const path of [checkpointPath(modelsPath, name), policyPath(modelsPath, name)])
      await removeFile(path);
  }
}
