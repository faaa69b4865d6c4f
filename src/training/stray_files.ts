import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryOwner } from '../files.js';
import { processExists } from '../processes.js';

/**
 * Removes the unfinished files that killed processes left in a folder. Call it before this process writes there: after
 * the restart of a container, it may have the number of one that was killed.
 */
export function removeStrayFiles(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const owner = temporaryOwner(entry.name);
    if (owner === null || (owner !== process.pid && processExists(owner))) continue;
    rmSync(join(entry.parentPath, entry.name), { recursive: true, force: true });
  }
}
