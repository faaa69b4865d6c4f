import { join } from 'node:path';
import { UserError } from '../../../errors.js';
import { isFile } from '../../../files/reading.js';
import { RiegeliFile } from '../../storage/riegeli.js';
import { decodeData, decodeDatum, type StoredValue } from './data.js';
import { SHARD_FILES } from './folders.js';

/** An episode in its shard: the records from `from` to `to`, that one not included. */
export interface PlacedEpisode {
  shard: Shard;
  from: number;
  to: number;
  /** Position of its metadata; null if it has none. */
  metadata: number | null;
}

/** A folder of records that one writer made. */
export interface Shard {
  steps: RiegeliFile;
  metadata: RiegeliFile | null;
}

const [STEPS, INDEX, METADATA] = SHARD_FILES;
const FIRST = 0;

/**
 * The episodes of a shard, with remarks and faults in sentences; those beyond what is left of a file can't be read. Throws a
 * UserError if its index is damaged.
 */
export async function readShard(
  folder: string,
): Promise<{ episodes: PlacedEpisode[]; notes: string[]; problems: string[] }> {
  const steps = await RiegeliFile.open(join(folder, STEPS));
  const notes: string[] = [];
  const optional = async (name: string) => {
    const path = join(folder, name);
    return isFile(path) ? RiegeliFile.open(path) : null;
  };
  const [index, metadata] = [await optional(INDEX), await optional(METADATA)];
  // Without a part of the index nobody knows which records belong together.
  if (index?.damage) throw new UserError(index.damage);
  const problems = [steps, metadata].flatMap((file) => file?.damage ?? []);
  if (index === null) {
    notes.push(`${join(folder, INDEX)} is missing: its episodes are found by their first steps`);
  }
  if (metadata === null) {
    notes.push(`${join(folder, METADATA)} is missing: its episodes have no metadata`);
  }
  const begins = index ? indexed(index) : foundBegins(steps);
  const shard = { steps, metadata };
  // The last episode of a file that is cut off goes on beyond its end: reading it says so.
  const lastBegin = begins.at(-1)?.from ?? 0;
  const ends = steps.damage === null ? steps.records : Math.max(steps.records, lastBegin) + 1;
  const episodes = begins.map(({ from, metadata }, i): PlacedEpisode => {
    const next = begins[i + 1]?.from ?? ends;
    return { shard, from, to: next, metadata: shard.metadata && metadata };
  });
  const wrong = episodes.find(({ from, to }) => from < 0 || from >= to);
  if (wrong) {
    const said = `an episode from record ${wrong.from} to ${wrong.to - 1}`;
    throw new UserError(`${folder}: its index has ${said}; ${STEPS} has ${steps.records} records`);
  }
  return { episodes, notes, problems };
}

/** The value of a record. Throws a UserError that names its place if it is damaged. */
export function decodeRecord(file: RiegeliFile, index: number): StoredValue {
  return decoded(`${file.path}: record ${index}`, () => decodeData(file.record(index)));
}

/** The metadata of an episode; null if it has none. Throws a UserError if they are damaged. */
export function episodeMetadata({ shard, metadata }: PlacedEpisode): StoredValue {
  const file = shard.metadata;
  if (file === null || metadata === null) return null;
  return decoded(`${file.path}: record at ${metadata}`, () => decodeData(file.recordAt(metadata)));
}

function decoded<T>(place: string, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${place} can't be read, damaged file? (${(error as Error).message})`, {
      cause: error,
    });
  }
}

/** Beginnings of episodes by the index: pairs of a record and of a position in the metadata. */
function indexed(file: RiegeliFile): Pick<PlacedEpisode, 'from' | 'metadata'>[] {
  return Array.from({ length: file.records }).flatMap((_, index) => {
    const place = `${file.path}: record ${index}`;
    const array = decoded(place, () => decodeDatum(file.record(index)));
    if (array === null) return [];
    if (!(array.data instanceof BigInt64Array) || array.shape[1] !== 2) {
      throw new UserError(`${place} is ${array.dtype} [${array.shape.join(', ')}]; expected int64 pairs`);
    }
    const { data } = array;
    return Array.from({ length: data.length / 2 }, (_, i) => {
      const metadata = Number(data[2 * i + 1]);
      return { from: Number(data[2 * i]), metadata: metadata < 0 ? null : metadata };
    });
  });
}

function foundBegins(steps: RiegeliFile): Pick<PlacedEpisode, 'from' | 'metadata'>[] {
  const places = Array.from({ length: steps.records }, (_, index) => index);
  return places
    .filter((index) => stepType(decodeRecord(steps, index)) === FIRST)
    .map((from) => ({ from, metadata: null }));
}

/** The type of a step, 0, 1 or 2 for the first, for one between, and for the last of an episode; null if it has none. */
export function stepType(record: StoredValue): number | null {
  const step = record?.kind === 'list' ? record.values[0] : null;
  const type = step?.kind === 'list' ? step.values[0] : null;
  return type?.kind === 'array' ? Number(type.array.data[0]) : null;
}
