import { UserError } from '../../errors.js';
import { protobufFields } from './protobuf.js';
import type { RecordFile } from './records.js';
import { RiegeliFile } from './riegeli.js';

/** The end of a file is a block of its own, with the place of the footer. */
const BLOCK = 65536;
/** The fields of the end. */
const FOOTER_PLACE = 1;
const MAGIC_FIELD = 2;
const MAGIC = 0x71930e704fdae05en;

/** A file of ArrayRecord: records in their order, in a Riegeli file with a footer. */
export class ArrayRecordFile implements RecordFile {
  readonly records: number;
  /** Files that are cut off are refused as a whole. */
  readonly damage = null;

  private constructor(
    private readonly file: RiegeliFile,
    footer: number,
  ) {
    this.records = file.chunks
      .filter(({ position }) => position < footer)
      .reduce((sum, { records }) => sum + records, 0);
  }

  /** Opens a file. Throws a UserError if it is missing, cut off or something else. */
  static async open(path: string): Promise<ArrayRecordFile> {
    const file = await RiegeliFile.open(path);
    if (file.damage !== null) throw new UserError(file.damage);
    return new ArrayRecordFile(file, footerPlace(file));
  }

  get path(): string {
    return this.file.path;
  }

  async read(record: number): Promise<Uint8Array> {
    return this.record(record);
  }

  /** Reads a record, by its place; those of the chunk that was read last are kept. Throws a UserError if it is damaged. */
  record(index: number): Uint8Array {
    if (index < this.records) return this.file.record(index);
    throw new UserError(`${this.file.path}: no record ${index}; it has ${this.records}`);
  }

  /** All records, one after another. */
  *all(): Generator<Uint8Array> {
    for (let index = 0; index < this.records; index++) yield this.record(index);
  }

  close(): void {
    this.file.close();
  }
}

/** The place of the footer, behind all records. Throws a UserError where the end of the file doesn't tell it. */
function footerPlace(file: RiegeliFile): number {
  const lacking = new UserError(
    `${file.path}: it lacks the end of an ArrayRecord file, which says where its records end: it was cut off, or its writer ` +
      'was stopped before it was done; copy or download it again',
  );
  if (file.size % BLOCK !== 0 || file.size < 2 * BLOCK) throw lacking;
  const end = file.recordAt(file.size - BLOCK);
  try {
    const fields = new Map([...protobufFields(end)].map(({ number, value }) => [number, value]));
    const place = Number(fields.get(FOOTER_PLACE) ?? Number.NaN);
    if (fields.get(MAGIC_FIELD) === MAGIC && file.chunks.some(({ position }) => position === place))
      return place;
  } catch {
    // Said below: whatever stands there is no end.
  }
  throw lacking;
}
