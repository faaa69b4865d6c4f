import { UserError } from '../../errors.js';
import { Hdf5File } from './hdf5.js';

/** The answer to a question about an HDF5 file; null if it can't be opened or is damaged there: the reader says why. */
export async function looksInside(path: string, ask: (file: Hdf5File) => boolean): Promise<boolean | null> {
  try {
    const file = await Hdf5File.open(path);
    try {
      return ask(file);
    } finally {
      file.close();
    }
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}
