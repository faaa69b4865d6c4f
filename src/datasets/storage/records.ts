/** A file of records, each some bytes. */
export interface RecordFile {
  readonly path: string;
  /** The number of whole records. */
  readonly records: number;
  /** The damage that hides what comes after these records, in a sentence; null if the file ends with them. */
  readonly damage: string | null;
  /** Reads a record, by its place. Throws a UserError that names the file, the record and its offset if it is damaged. */
  read(record: number): Promise<Uint8Array>;
  close(): void;
}
