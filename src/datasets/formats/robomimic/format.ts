import { isFile } from '../../../files/reading.js';
import type { DatasetFormat } from '../../format.js';

/** robomimic's files of demonstrations, in HDF5. */
export const robomimic: DatasetFormat = {
  name: 'robomimic',
  given: 'a .hdf5 file with demonstrations in its group data',
  detect: async (path) => path.endsWith('.hdf5') && isFile(path) && (await hasDemonstrations(path)),
  open: async (path, task) => (await import('./episodes.js')).RobomimicEpisodes.open(path, task),
  files: (path) => new Map([['hdf5', path]]),
  writing: {
    output: 'a .hdf5 file',
    isOutput: (path) => path.endsWith('.hdf5'),
    create: async (target, head) => (await import('./writer.js')).RobomimicWriter.create(target, head),
  },
};

async function hasDemonstrations(path: string): Promise<boolean> {
  const { looksInside } = await import('../../storage/hdf5_detection.js');
  return (await looksInside(path, (file) => file.kind('data') === 'group')) === true;
}
