import type { DatasetFormat } from '../../format.js';
import { filesOf, locate } from './layout.js';

/** RLDS as TensorFlow Datasets stores it, Open X-Embodiment's datasets among them: TFRecord files, one record an episode. */
export const rlds: DatasetFormat = {
  name: 'RLDS',
  given: 'the folder of a TFDS dataset, with features.json and its shards',
  detect: async (path) => locate(path) !== null,
  open: async (path, task) => (await import('./episodes.js')).RldsEpisodes.open(path, task),
  files: filesOf,
};
