import { readdirSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { isFile } from '../../../files/reading.js';
import type { DatasetFormat } from '../../format.js';

/** LeRobot, of Hugging Face, versions 2.0 to 3.0: Parquet files of frames. It is written in version 3.0. */
export const lerobot: DatasetFormat = {
  name: 'LeRobot',
  given: 'the folder of a dataset, with meta/info.json and data',
  detect: async (path) => META_FILES.some((name) => isFile(join(path, 'meta', name))),
  open: async (path, task) => (await import('./episodes.js')).LeRobotEpisodes.open(path, task),
  files: (path) => new Map(filesOf(path).map((file) => [relative(path, file).replaceAll('\\', '/'), file])),
  writing: {
    output: 'a folder',
    isOutput: (path) => extname(path) === '',
    create: async (target, head) => (await import('./writer.js')).LeRobotWriter.create(target, head),
  },
  verify: async (path, options) => (await import('./verify.js')).verifyLeRobot(path, options),
};

/** Files that a dataset has, of which one may be missing. */
const META_FILES = ['info.json', 'tasks.parquet', 'tasks.jsonl', 'episodes.jsonl'];
/** Statistics, which nothing is learnt from. */
const STATISTICS = /(^|[\\/])(stats\.json|episodes_stats\.jsonl)$/;

/** All files that matter for what is learnt, those with the data first. */
function filesOf(root: string): string[] {
  return ['data', 'meta'].flatMap((folder) => {
    try {
      const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).sort();
      return names
        .map((name) => join(root, folder, name))
        .filter((path) => isFile(path) && !STATISTICS.test(path));
    } catch {
      return [];
    }
  });
}
