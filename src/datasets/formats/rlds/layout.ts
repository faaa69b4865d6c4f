import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../../errors.js';
import { isFile, readText, readTextIfThere } from '../../../files/reading.js';
import { checkJson, parseJsonText } from '../../checked_json.js';
import type { DatasetHead } from '../../dataset.js';
import type { Shard } from '../../storage/shards.js';

export const INFO_FILE = 'dataset_info.json';
export const FEATURES_FILE = 'features.json';

export interface RldsLayout {
  folder: string;
  shards: Shard[];
  facts: DatasetHead['facts'];
  notes: string[];
}

const infoSchema = z.looseObject({
  name: z.string(),
  version: z.string().optional(),
  configName: z.string().optional(),
  fileFormat: z.string().default('tfrecord'),
  description: z.string().optional(),
  splits: z.array(
    z.looseObject({
      name: z.string(),
      shardLengths: z.array(z.coerce.number().int().nonnegative()).default([]),
      filepathTemplate: z.string().default('{DATASET}-{SPLIT}.{FILEFORMAT}-{SHARD_X_OF_Y}'),
    }),
  ),
});

/**
 * The folder with the files of the dataset at `path`, and the split that is asked for: the folder of a version, one above (its newest
 * version, in its default configuration), or the name of a split below. Null if there is none.
 */
export function locate(path: string): { folder: string; split: string | null } | null {
  const folder = versionBelow(path, 3);
  if (folder !== null) return { folder, split: null };
  const above = dirname(path);
  if (existsSync(path) || !isVersion(above)) return null;
  return { folder: above, split: basename(path) };
}

function versionBelow(path: string, depth: number): string | null {
  if (isVersion(path)) return path;
  const names = namesIn(path);
  if (depth === 0 || names.length === 0) return null;
  const newest = names
    .filter((name) => VERSION.test(name))
    .sort(ORDER.compare)
    .at(-1);
  const below = newest ?? defaultConfig(path);
  return below !== null && names.includes(below) ? versionBelow(join(path, below), depth - 1) : null;
}

function defaultConfig(folder: string): string | null {
  const file = join(folder, '.config', 'metadata.json');
  if (!isFile(file)) return null;
  return checkJson(file, configSchema, parseJsonText(file, readText(file))).default_config_name;
}

const configSchema = z.looseObject({ default_config_name: z.string() });
const VERSION = /^\d+\.\d+\.\d+$/;
const ORDER = new Intl.Collator('en', { numeric: true });
const SHARD = /^(.+)-(\w+)\.(tfrecord|array_record|riegeli)-(\d+)(-of-\d+)?$/;

function isVersion(folder: string): boolean {
  if (isFile(join(folder, FEATURES_FILE))) return true;
  return isFile(join(folder, INFO_FILE)) && namesIn(folder).some((name) => SHARD.test(name));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** All files that a dataset has. */
export function filesOf(path: string): Map<string, string> {
  const found = locate(path);
  const folder = found?.folder ?? path;
  const names = namesIn(folder).filter((name) => SHARD.test(name));
  return new Map([...names, FEATURES_FILE, INFO_FILE].map((name) => [name, join(folder, name)]));
}

/** Reads which files a dataset has. Throws a UserError if one of them is missing, or there is no such split. */
export function readLayout(path: string): RldsLayout {
  const { folder, split } = locate(path) ?? { folder: path, split: null };
  const file = join(folder, INFO_FILE);
  const text = readTextIfThere(file);
  const layout = text === null ? byFileNames(folder) : byInfo(folder, file, text);
  const splits = [...new Set(layout.shards.map((shard) => shard.split))];
  if (split !== null && !splits.includes(split)) {
    throw new UserError(`${folder}: no split ${split}; there are ${splits.join(', ')}`);
  }
  const shards = layout.shards.filter((shard) => split === null || shard.split === split);
  const missing = shards.find((shard) => !isFile(shard.path));
  if (missing)
    throw new UserError(`${missing.path}: no such file, which ${INFO_FILE} names as a part of the dataset`);
  if (split === null && splits.length > 1) {
    layout.notes.push(
      `all its splits are read: ${splits.join(', ')}; one alone is ${join(folder, splits[0])}, and so on`,
    );
  }
  return { ...layout, folder, shards };
}

function byInfo(folder: string, file: string, text: string): Omit<RldsLayout, 'folder'> {
  const info = checkJson(file, infoSchema, parseJsonText(file, text));
  const shards = info.splits.flatMap(({ name, shardLengths, filepathTemplate }) =>
    shardLengths.map((declared, index): Shard => {
      const [number, count] = [index, shardLengths.length].map((value) => String(value).padStart(5, '0'));
      const values: Readonly<Record<string, string>> = {
        DATASET: info.name,
        SPLIT: name,
        FILEFORMAT: info.fileFormat,
        SHARD_INDEX: number,
        NUM_SHARDS: count,
        SHARD_X_OF_Y: `${number}-of-${count}`,
      };
      const shard = filepathTemplate.replaceAll(/\{(\w+)\}/g, (part, key: string) => values[key] ?? part);
      if (basename(shard) !== shard || shard.includes('\\')) {
        throw new UserError(
          `${file}: key "filepathTemplate": ${shard} leads out of the folder of the dataset`,
        );
      }
      return { path: join(folder, shard), split: name, storage: info.fileFormat, declared };
    }),
  );
  const { name, version, configName, description } = info;
  return {
    shards,
    facts: [
      ['dataset', [name, configName, version].filter(Boolean).join('/')],
      ['splits', info.splits.map((split) => split.name).join(', ')],
      ...(description ? [['description', description.trim()] as const] : []),
    ],
    notes: [],
  };
}

function byFileNames(folder: string): Omit<RldsLayout, 'folder'> {
  const shards = namesIn(folder).flatMap((file): Shard[] => {
    const [, , split, storage] = SHARD.exec(file) ?? [];
    return split ? [{ path: join(folder, file), split, storage, declared: null }] : [];
  });
  if (shards.length === 0) throw new UserError(`${folder}: no ${INFO_FILE}, and no files of episodes`);
  return {
    shards,
    facts: [],
    notes: [`it has no ${INFO_FILE}: its files are known by their names, and none can be missed`],
  };
}
