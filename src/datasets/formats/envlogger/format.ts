import { join } from 'node:path';
import type { DatasetFormat } from '../../format.js';
import { filesIn, isEnvLogger } from './folders.js';

/** EnvLogger, of DeepMind, with its Riegeli backend: a folder of records for each writer. It is read, not written. */
export const envlogger: DatasetFormat = {
  name: 'EnvLogger',
  given: 'a folder with metadata.riegeli and folders of steps.riegeli',
  detect: async (path) => isEnvLogger(path),
  open: async (path, task) => (await import('./episodes.js')).EnvLoggerEpisodes.open(path, task),
  files: (path) => new Map(filesIn(path).map((file) => [file.replaceAll('\\', '/'), join(path, file)])),
};
