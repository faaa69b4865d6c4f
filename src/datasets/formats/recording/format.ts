import { basename, join } from 'node:path';
import { isFile } from '../../../files/reading.js';
import type { DatasetFormat } from '../../format.js';
import { episodeFiles, RecordedEpisodes } from './episodes.js';
import { HEAD_FILE } from './head_file.js';

/** Recordings of this program, while they go on or after they were killed. */
export const recording: DatasetFormat = {
  name: 'Recording',
  given: 'a folder with recording.json and a file for each finished episode',
  detect: async (path) => isFile(join(path, HEAD_FILE)),
  open: (path, task) => RecordedEpisodes.open(path, task),
  files: (path) =>
    new Map([
      ...episodeFiles(path).map((file): [string, string] => [basename(file), file]),
      ['json', join(path, HEAD_FILE)],
    ]),
};
