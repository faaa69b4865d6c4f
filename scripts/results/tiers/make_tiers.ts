import { existsSync, readFileSync } from 'node:fs';
import { UserError } from '../../../src/errors.js';
import { writeFileAtomic } from '../../../src/files/atomic.js';
import { createFolderOf } from '../../../src/files/folders.js';
import { CLI_PATH, runProgram } from '../programs.js';
import { ensureMediumRun } from './medium_training.js';
import { type Tier, tierPath, tierWords } from './tiers.js';

/**
 * Makes the data of a task's tier unless they are there; for two of the tiers it trains a policy first. Throws a UserError if
 * another command made what is there.
 */
export async function ensureTier(envId: string, tier: Tier, stop: AbortSignal): Promise<void> {
  const path = tierPath(envId, tier);
  const words = tierWords(envId, tier);
  const command = `rlpd ${words.join(' ')}`;
  const notePath = `${path}.command`;
  const made = existsSync(notePath) ? readFileSync(notePath, 'utf8') : null;
  if (existsSync(path) && made !== command) {
    throw new UserError(
      `${path} was made by "${made ?? 'something else'}", not by "${command}": move it or remove it`,
    );
  }
  if (existsSync(path) && existsSync(path.replace(/\.h5$/, '.json'))) return;
  if (tier === 'medium' || tier === 'replay') await ensureMediumRun(envId, stop);
  console.log(command);
  await createFolderOf(path);
  await writeFileAtomic(notePath, command);
  // A process that was killed may have left one of the two files.
  const again = words[0] === 'collect' ? 'overwrite=True' : '--overwrite';
  console.log((await runProgram(process.execPath, [CLI_PATH, ...words, again], stop)).trimEnd());
}
