import { UserError } from '../../errors.js';
import { ArrayRecordFile } from './array_record.js';
import type { RecordFile } from './records.js';
import { TfrecordFile } from './tfrecord.js';

/** A file with some of a split's records. */
export interface Shard {
  path: string;
  split: string;
  /** The way in which it is stored, such as `tfrecord`. */
  storage: string;
  /** The number of its records by the metadata; null where they say nothing. */
  declared: number | null;
}

/** The place of an episode: the shard, and the record there. */
export interface RecordPlace {
  shard: Shard;
  record: number;
}

/** The records of all shards, one after another. One file is open at a time. */
export class Shards {
  private latest: Promise<RecordFile> | null = null;
  private latestPath: string | null = null;

  private constructor(readonly places: readonly RecordPlace[]) {}

  /** Counts the records of the shards of which the metadata don't tell it. */
  static async open(shards: readonly Shard[]): Promise<Shards> {
    const places: RecordPlace[] = [];
    for (const shard of shards) {
      const count = shard.declared ?? (await countedRecords(shard));
      for (let record = 0; record < count; record++) places.push({ shard, record });
    }
    return new Shards(places);
  }

  /** Reads a record. Throws a UserError if it is damaged, and with a shard's last one if the shard has others than it should have. */
  async read({ shard, record }: RecordPlace): Promise<Uint8Array> {
    if (this.latestPath !== shard.path) {
      await this.close();
      this.latestPath = shard.path;
      this.latest = openRecords(shard);
    }
    const file = await this.latest!;
    const { declared } = shard;
    if (
      file.damage === null &&
      declared !== null &&
      file.records !== declared &&
      record >= Math.min(declared, file.records) - 1
    ) {
      throw new UserError(`${shard.path}: it has ${file.records} records; the metadata say ${declared}`);
    }
    if (file.damage !== null && (record >= file.records || record + 1 === declared))
      throw new UserError(file.damage);
    return file.read(record);
  }

  async close(): Promise<void> {
    const { latest } = this;
    this.latest = null;
    this.latestPath = null;
    (await latest?.catch(() => null))?.close();
  }
}

/** The number of a shard's records, with one that is damaged. */
async function countedRecords(shard: Shard): Promise<number> {
  const file = await openRecords(shard);
  file.close();
  return file.records + (file.damage === null ? 0 : 1);
}

async function openRecords({ path, storage }: Pick<Shard, 'path' | 'storage'>): Promise<RecordFile> {
  if (storage === 'tfrecord') return TfrecordFile.open(path);
  if (storage === 'array_record') return ArrayRecordFile.open(path);
  throw new UserError(
    `${path}: files of ${storage} can't be read here; those of tfrecord and array_record can`,
  );
}
