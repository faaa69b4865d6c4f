import { z } from 'zod';
import { readRows } from './summary_files.js';

const schema = z.strictObject({
  /** The program and its versions. */
  program: z.string(),
  dataset: z.string(),
  algorithm: z.string(),
  updates: z.int().positive(),
  seeds: z.array(z.int()),
  /** Mean return of ten episodes after the last update, by seed. */
  returns: z.array(z.number()),
  /** Minutes of processor time in training, without evaluations, by seed. */
  cpuMinutes: z.array(z.number()),
});

/** Results of an algorithm of another program on one of our datasets. */
export type PeerFigures = z.output<typeof schema>;

/**
 * Results of d3rlpy, recorded once and kept in `<folder>/offline_d3rlpy.json`; none if the file is not there. d3rlpy is at
 * https://github.com/takuseno/d3rlpy; it ran with one thread, 2 × 256 networks, batches of 256 rows and the policy's mode.
 */
export function readPeerFigures(folder: string): PeerFigures[] {
  return readRows(folder, 'offline_d3rlpy', schema);
}
