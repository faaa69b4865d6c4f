import { stat } from 'node:fs/promises';
import { fileSha256 } from '../files/reading.js';
import { datasetAt, verifyDataset } from './registry.js';
import { Survey } from './survey.js';
import { checkStop, type Verification, type VerifyOptions } from './verification.js';

/** Contents of a dataset, for people, and what is wrong with it. Arrays that can't be read are left out of the counts. */
export interface DatasetInfo
  extends Verification,
    Pick<Survey, 'lengths' | 'returns' | 'columns' | 'ends' | 'success'> {
  path: string;
  format: string;
  files: DatasetFile[];
}

export interface DatasetFile {
  /** Its short name, such as `json`. */
  name: string;
  bytes: number;
  sha256: string;
}

export interface InfoOptions extends Pick<VerifyOptions, 'onEpisode' | 'signal'> {
  /** Called while the files are hashed, with the number of bytes so far. */
  onBytes?: (bytes: number, total: number) => void;
}

/** Describes a dataset by what a verification reads of it. Throws a UserError if it can't be opened. */
export async function datasetInfo(
  given: string,
  { onEpisode, onBytes, signal }: InfoOptions = {},
): Promise<DatasetInfo> {
  const { format, path } = await datasetAt(given);
  const survey = new Survey();
  const verification = await verifyDataset(path, {
    onEpisode,
    signal,
    look: (episode) => survey.add(episode),
  });
  const { lengths, returns, columns, ends, success } = survey;
  const files = await hashFiles(format.files(path), (bytes, total) => {
    checkStop(path, signal);
    onBytes?.(bytes, total);
  });
  return { ...verification, path, format: format.name, files, lengths, returns, columns, ends, success };
}

async function hashFiles(
  paths: ReadonlyMap<string, string>,
  onBytes: (bytes: number, total: number) => void,
): Promise<DatasetFile[]> {
  const sizes = new Map<string, number>();
  for (const [name, path] of paths) {
    const found = await stat(path).catch(() => null);
    // A missing file has been told as a problem.
    if (found) sizes.set(name, found.size);
  }
  const total = [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
  const files: DatasetFile[] = [];
  let before = 0;
  for (const [name, bytes] of sizes) {
    const sha256 = await fileSha256(paths.get(name)!, (read) => onBytes(before + read, total));
    files.push({ name, bytes, sha256 });
    before += bytes;
  }
  return files;
}
