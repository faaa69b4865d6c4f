import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isFile } from '../../../files/reading.js';

/** Names of shards: of the control suite and locomotion, of Atari's runs, and of the real-world challenge. */
const SHARD = /^(train|run_\d+|episodes\.tfrecord)-\d{5}-of-\d{5}$/;

/** The shards at a path, a folder or one of them alone, by their names. */
export function shardFiles(path: string): Map<string, string> {
  if (isFile(path)) return new Map(SHARD.test(basename(path)) ? [[basename(path), path]] : []);
  try {
    const names = readdirSync(path).filter((name) => SHARD.test(name));
    return new Map(names.sort().map((name) => [name, join(path, name)]));
  } catch {
    return new Map();
  }
}
