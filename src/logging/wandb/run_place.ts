import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { createFolder } from '../../files/folders.js';
import { temporaryPath } from '../../files/temporary_names.js';
import { newRunId, type WandbSettings } from './settings.js';

/** The id of a run at Weights & Biases, and the paths of its files. */
export interface RunPlace {
  runId: string;
  /** `…/wandb/offline-run-<time>-<id>`, which `wandb sync` takes. */
  folder: string;
  recordsPath: string;
  /** Folder of other files to upload. */
  filesPath: string;
  /** True if a run with this id was logged before, and its records are no longer there. */
  isContinuation: boolean;
}

/** The file in the run folder that remembers a run's id and place for when it is resumed. */
const MEMORY = 'wandb_run.json';

/**
 * The place of the run in `runFolder`: the same after each resumption, so that one upload has the whole run. Makes the
 * folders that are missing.
 */
export function findPlace(runFolder: string, settings: WandbSettings, now: Date): RunPlace {
  const memoryPath = join(runFolder, MEMORY);
  const memory = existsSync(memoryPath) ? (JSON.parse(readFileSync(memoryPath, 'utf8')) as Memory) : null;
  const known = memory && resolve(runFolder, memory.folder);
  if (memory && known && existsSync(known)) return place(memory.runId, known, false);
  const runId = memory?.runId ?? settings.runId ?? newRunId();
  const parent = settings.folder ?? runFolder;
  const folder = resolve(parent, 'wandb', `offline-run-${stamp(now)}-${runId}`);
  const made = place(runId, folder, memory !== null);
  createFolder(made.filesPath);
  const remembered: Memory = { runId, folder: relative(runFolder, folder) };
  writeFileSync(temporaryPath(memoryPath), `${JSON.stringify(remembered)}\n`);
  renameSync(temporaryPath(memoryPath), memoryPath);
  return made;
}

interface Memory {
  runId: string;
  /** The folder of the records, relative to the run folder, so that both can be moved. */
  folder: string;
}

function place(runId: string, folder: string, isContinuation: boolean): RunPlace {
  return {
    runId,
    folder,
    recordsPath: join(folder, `run-${runId}.wandb`),
    filesPath: join(folder, 'files'),
    isContinuation,
  };
}

/** Local time as `wandb` writes it: 20240131_235959. */
function stamp(time: Date): string {
  const two = (number: number) => String(number).padStart(2, '0');
  const date = `${time.getFullYear()}${two(time.getMonth() + 1)}${two(time.getDate())}`;
  return `${date}_${two(time.getHours())}${two(time.getMinutes())}${two(time.getSeconds())}`;
}
