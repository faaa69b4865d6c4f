import { File } from 'h5wasm/node';
import { loadHdf5 } from '../../../../../src/datasets/storage/hdf5.js';
import type { StoredArray } from '../minari/write_minari.js';

/** Arrays, and texts and numbers that stand alone, by their paths in a file. */
export type D4rlFile = Record<string, StoredArray | string | number>;

/** Rows of a column [rows, width] of which each number is its place, a hundredth each. */
export function places(rows: number, width: number, from = 0): StoredArray {
  const data = Float32Array.from({ length: rows * width }, (_, i) => (from + i) / 100);
  return { data, shape: width === 1 ? [rows] : [rows, width] };
}

/** Flags [rows] that are 1 in some of them. */
export function flags(rows: number, ...set: number[]): StoredArray {
  return { data: Uint8Array.from({ length: rows }, (_, row) => (set.includes(row) ? 1 : 0)), shape: [rows] };
}

/** Six steps: an episode of three that terminates, one of two that is cut off, and one that is open. Next observations are there. */
export function soundD4rl(): D4rlFile {
  return {
    observations: places(6, 2),
    next_observations: places(6, 2, 2),
    actions: { ...places(6, 1), shape: [6, 1] },
    rewards: places(6, 1, 100),
    terminals: flags(6, 2),
    timeouts: flags(6, 4),
  };
}

/** The file without some of its arrays. */
export function without(file: D4rlFile, ...names: string[]): D4rlFile {
  return Object.fromEntries(Object.entries(file).filter(([name]) => !names.includes(name)));
}

/** Writes a file; gives its path. */
export async function writeD4rl(path: string, contents: D4rlFile): Promise<string> {
  await loadHdf5();
  const file = new File(path, 'w');
  for (const [name, value] of Object.entries(contents)) {
    const groups = name.split('/').slice(0, -1);
    for (const depth of groups.keys()) {
      const group = groups.slice(0, depth + 1).join('/');
      if (!file.get(group)) file.create_group(group);
    }
    file.create_dataset({ name, ...(typeof value === 'object' ? value : { data: value }) });
  }
  file.close();
  return path;
}
