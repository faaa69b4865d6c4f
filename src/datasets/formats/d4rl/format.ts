import { isFile } from '../../../files/reading.js';
import type { DatasetFormat } from '../../format.js';

/** D4RL's files, and what other tools write in their layout. */
export const d4rl: DatasetFormat = {
  name: 'D4RL',
  given: 'a .hdf5 file with observations, actions, rewards and terminals',
  detect: async (path) => path.endsWith('.hdf5') && isFile(path) && mayBeD4rl(path),
  open: async (path, task) => (await import('./episodes.js')).D4rlEpisodes.open(path, task),
  files: (path) => new Map([['hdf5', path]]),
  writing: {
    output: 'a .hdf5 file',
    isOutput: (path) => path.endsWith('.hdf5'),
    create: async (target, head) => (await import('./writer.js')).D4rlWriter.create(target, head),
  },
};

/** True also for a file that can't be opened: the reader says why. */
async function mayBeD4rl(path: string): Promise<boolean> {
  const { looksInside } = await import('../../storage/hdf5_detection.js');
  const { looksLikeD4rl } = await import('./layout.js');
  return (await looksInside(path, looksLikeD4rl)) ?? true;
}
