import { existsSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { CHECKPOINT_EXTENSION, checkpointPath } from './checkpoint.js';
import { policyPath } from './policy_export.js';

/** The name of the checkpoint that a run saves after `envSteps` env steps. */
export function numberedName(envSteps: number): string {
  return `ckpt_${envSteps}`;
}

/** The names of the checkpoints in `models/`. */
export function savedNames(modelsPath: string): string[] {
  if (!existsSync(modelsPath)) return [];
  return readdirSync(modelsPath)
    .filter((file) => file.endsWith(CHECKPOINT_EXTENSION) && !file.startsWith('.'))
    .map((file) => file.slice(0, -CHECKPOINT_EXTENSION.length));
}

/**
 * Removes the oldest `ckpt_*` and their policies so that `keep` are left of those up to `envSteps`. Later ones are of a
 * run that was set back; it writes them anew.
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
    await rm(checkpointPath(modelsPath, name));
    await rm(policyPath(modelsPath, name), { force: true });
  }
}
