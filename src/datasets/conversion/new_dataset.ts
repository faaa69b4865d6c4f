import { link, mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../../errors.js';
import { checkWritable, createFolderOf, isFolder, listFolder, removeFolder } from '../../files/folders.js';
import { systemCode, writeError } from '../../files/problems.js';
import { fileExists } from '../../files/reading.js';
import { temporaryPath } from '../../files/temporary_names.js';
import type { DatasetFormat, WritableFormat } from '../format.js';

/**
 * A place for a dataset that is being made: a temporary folder beside the path that it is to have. Its files get their names when
 * they are complete, all or none, and never replace others.
 */
export class NewDataset {
  private named: string[] = [];

  private constructor(
    private readonly output: string,
    private readonly folder: string,
  ) {}

  /** Makes a place. Throws a UserError if something is where the dataset is to be, or nothing can be written there. */
  static async begin(format: DatasetFormat, output: string): Promise<NewDataset> {
    await checkNothingThere(format, output);
    createFolderOf(output);
    checkWritable(output);
    const folder = temporaryPath(output);
    await mkdir(folder).catch((error: unknown) => {
      throw writeError(output, error);
    });
    return new NewDataset(output, folder);
  }

  /** The path to write to and to read from until it is published. */
  get path(): string {
    return join(this.folder, basename(this.output));
  }

  /** Gives the files their names. The one by which the dataset is found comes last. */
  async publish(): Promise<void> {
    const own = basename(this.output);
    const others = listFolder(this.folder).filter((name) => name !== own);
    try {
      for (const name of [...others, own]) {
        const path = join(dirname(this.output), name);
        await giveName(join(this.folder, name), path);
        this.named.push(path);
      }
    } catch (error) {
      await this.withdraw();
      throw error;
    }
    this.discard();
  }

  /** Removes what it has published. */
  async withdraw(): Promise<void> {
    for (const path of this.named) await rm(path, { recursive: true, force: true });
    this.named = [];
  }

  /** Removes what is not published. */
  discard(): void {
    removeFolder(this.folder);
  }
}

/** Throws a UserError if a dataset of this format can't have this path, by its name or as something is there. */
export async function checkOutput(format: WritableFormat, output: string): Promise<void> {
  const { name, writing } = format;
  if (!writing.isOutput(output)) {
    throw new UserError(`${output}: a dataset of ${name} is ${writing.output}; give such a path`);
  }
  await checkNothingThere(format, output);
}

/** Throws a UserError if something is where a dataset of this format is to be. */
export async function checkNothingThere(format: DatasetFormat, output: string): Promise<void> {
  for (const path of [output, ...format.files(output).values()]) await checkAbsent(path);
}

async function giveName(temporary: string, path: string): Promise<void> {
  if (!isFolder(temporary)) {
    try {
      // Unlike a rename, a link replaces nothing, whatever another process does at this moment.
      return await link(temporary, path);
    } catch (error) {
      if (systemCode(error) === 'EEXIST') throw isThere(path);
      // There are file systems without links.
    }
  }
  await checkAbsent(path);
  await rename(temporary, path).catch((error: unknown) => {
    throw writeError(path, error);
  });
}

async function checkAbsent(path: string): Promise<void> {
  if (await fileExists(path)) throw isThere(path);
}

function isThere(path: string): UserError {
  return new UserError(`${path} exists already; choose another output path, nothing is written over`);
}
