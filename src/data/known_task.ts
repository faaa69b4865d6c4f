import { checkEnvironment, environmentEntry } from '../../envs/registry.js';
import type { DatasetRecord } from './maniskill_json.js';

/** Of what a dataset's json names, what there is no environment for: sound data, but not to be trained on or replayed. */
export function unknownTaskNotes({ envId, episodes }: DatasetRecord): string[] {
  if (envId === null) return [];
  const controlModes = new Set(episodes.flatMap(({ controlMode }) => controlMode ?? []));
  const checks = [
    () => environmentEntry(envId),
    ...[...controlModes].map((mode) => () => checkEnvironment(envId, mode)),
  ];
  return [...new Set(checks.flatMap((check) => problemOf(check)))];
}

function problemOf(check: () => unknown): string[] {
  try {
    check();
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}
