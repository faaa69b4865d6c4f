import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  type ParquetField,
  type ParquetRemark,
  type ParquetRows,
  ParquetWriter,
  type ParquetWriterLibrary,
} from '../../storage/parquet_writer.js';
import { pathFrom } from './info.js';

/** Bytes after which a file is complete, and files in a folder: as lerobot has them. */
export const FILE_MEGABYTES = 100;
export const FILES_OF_CHUNK = 1000;
export const DATA_PATH = 'data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet';

/** The files with the frames of a dataset. An episode is a group of rows in one of them. */
export class DataFiles {
  private file: ParquetWriter | null = null;
  private files = 0;

  /**
   * @param named the dataset in messages.
   * @param megabytes after which a file is complete.
   */
  constructor(
    private readonly library: ParquetWriterLibrary,
    private readonly root: string,
    private readonly named: string,
    private readonly fields: readonly ParquetField[],
    private readonly remarks: readonly ParquetRemark[],
    private readonly megabytes = FILE_MEGABYTES,
  ) {}

  /** Writes the frames of an episode, and gives the place of their file. */
  append(columns: ReadonlyMap<string, ParquetRows>): { chunk: number; file: number } {
    if (this.file && this.file.bytes > this.megabytes * 1e6) this.finish();
    this.file ??= this.begin();
    this.file.append(columns);
    return placeOfFile(this.files - 1);
  }

  finish(): void {
    this.file?.finish();
    this.file = null;
  }

  private begin(): ParquetWriter {
    const { chunk, file } = placeOfFile(this.files++);
    const path = pathFrom(this.root, DATA_PATH, { chunk_index: chunk, file_index: file });
    mkdirSync(dirname(path), { recursive: true });
    return new ParquetWriter(this.library, path, this.named, this.fields, this.remarks);
  }
}

function placeOfFile(number: number): { chunk: number; file: number } {
  return { chunk: Math.floor(number / FILES_OF_CHUNK), file: number % FILES_OF_CHUNK };
}
