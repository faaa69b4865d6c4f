import { registeredModule } from '../../envs/registry.js';

/** The module that is being imported in this thread for the task that it registers, if any. */
let importing: string | null = null;

/**
 * The module that worker threads have to import to know a task, null if they know it anyway. Throws as {@link
 * checkMayStartWorkers} does.
 */
export function moduleForWorkers(envId: string): string | null {
  checkMayStartWorkers();
  return registeredModule(envId);
}

/**
 * Throws if this thread is itself at importing a module for its task: each of its workers would import that too, and start
 * further ones without end.
 */
export function checkMayStartWorkers(): void {
  if (importing === null) return;
  throw new Error(
    `${importing} is imported by worker threads for the task that it registers, and starts workers itself: let it do so ` +
      'only if isMainThread of node:worker_threads is true, or register the task in a module of its own',
  );
}

/** Imports, in a worker, the module that {@link moduleForWorkers} gave. */
export async function importTaskModule(module: string | null): Promise<void> {
  if (module === null) return;
  importing = module;
  await import(module);
  importing = null;
}
