import type { DatasetFormat } from '../../format.js';
import { shardFiles } from './shard_files.js';

/** RL Unplugged, of DeepMind: TFRecord files without metadata. It is read, not written. */
export const rlUnplugged: DatasetFormat = {
  name: 'RL Unplugged',
  given: 'a folder with its files of one task, such as train-00000-of-00100, or one of these',
  detect: async (path) => shardFiles(path).size > 0,
  open: async (path, task) => (await import('./open.js')).openRlUnplugged(path, task),
  files: shardFiles,
};
