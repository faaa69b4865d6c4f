import type { Filter } from 'h5wasm/node';
import { otherContents } from './other_contents.js';

/** The reason of a failure, out of HDF5's error stack: in the system's words, or else the innermost frame's. */
export function hdf5Message(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const system = /error message = '([^']+)'/.exec(text);
  if (system) return system[1];
  const frames = text.split('\n').filter((line) => /^\s*#\d+:/.test(line));
  return frames.at(-1)?.replace(/^.*\(\): /, '') ?? text;
}

/** The reason why HDF5 couldn't open a file that is there, in words. */
export async function openProblem(path: string, sizeBytes: number, error: unknown): Promise<string> {
  if (sizeBytes === 0) return 'the file is empty; copy or download it again';
  const message = hdf5Message(error);
  const eof = /stored_eof = (\d+)/.exec(message);
  if (eof) return `truncated: it should have ${eof[1]} bytes and has ${sizeBytes}; copy or download it again`;
  if (!/file signature not found|not accessible/.test(message)) {
    return `damaged, HDF5 can't open it (${message})`;
  }
  const other = await otherContents(path);
  return other === null ? 'not an HDF5 file' : `not an HDF5 file, but ${other}`;
}

/** A filter's name, for people. */
export function filterName(filter: Filter): string {
  return KNOWN_FILTERS[filter.id] ?? (filter.name || `HDF5 filter ${filter.id}`);
}

const KNOWN_FILTERS: Readonly<Record<number, string>> = {
  4: 'szip',
  32000: 'lzf',
  32001: 'blosc',
  32004: 'lz4',
  32008: 'bitshuffle',
  32015: 'zstd',
  32026: 'blosc2',
};
