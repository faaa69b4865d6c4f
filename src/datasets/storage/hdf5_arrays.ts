import type { Dataset, Group } from 'h5wasm/node';
import { isNumbers, type NumberColumn, type NumberType, rowSize, type TextColumn } from '../column.js';
import { createFlags, flagDtype, flagValues } from './hdf5_bool.js';

/** Bytes of a chunk: HDF5 caches as much of an array, and would write larger ones again and again. */
const CHUNK_BYTES = 1 << 20;

const DTYPES: Readonly<Record<Exclude<NumberType, 'bool'>, string>> = {
  int8: '<b',
  uint8: '<B',
  int16: '<h',
  uint16: '<H',
  int32: '<i',
  uint32: '<I',
  int64: '<q',
  uint64: '<Q',
  float32: '<f',
  float64: '<d',
};

/** Bytes of one number in a file. */
function bytesOf({ dtype, data }: NumberColumn): number {
  return dtype === 'bool' ? 1 : data.BYTES_PER_ELEMENT;
}

/** Form of an array in a file. */
export interface ArrayForm {
  /** True for one that others may make longer: it lies in chunks. */
  growing: boolean;
}

/** Writes a column whole. The array is not compressed. */
export function writeArray(
  group: Group,
  name: string,
  column: NumberColumn | TextColumn,
  form: ArrayForm,
): void {
  const shape = [...column.shape];
  const bytes = isNumbers(column) ? bytesOf(column) * rowSize(column) : 16;
  // HDF5 has no chunks without numbers in them.
  const isChunked = form.growing && !shape.includes(0);
  const layout = isChunked ? { maxshape: [null, ...shape.slice(1)], chunks: chunkOf(shape, bytes) } : {};
  if (!isNumbers(column)) {
    group.create_dataset({ name, data: [...column.data], dtype: 'S', shape, ...(layout as object) });
  } else if (column.dtype === 'bool') {
    createFlags(group, name, column.data as Uint8Array, shape, layout);
  } else {
    group.create_dataset({
      name,
      data: column.data as Float64Array,
      dtype: DTYPES[column.dtype],
      shape,
      ...(layout as object),
    });
  }
}

/** The whole array if it is small enough; else as many rows as are. */
function chunkOf([rows, ...row]: number[], rowBytes: number): number[] {
  return [Math.max(1, Math.min(rows, Math.floor(CHUNK_BYTES / Math.max(1, rowBytes)))), ...row];
}

/** An array that grows by rows and is compressed with gzip. Rows are gathered until a chunk is full. */
export class GrowingArray {
  private readonly chunkRows: number;
  private readonly gathered: NumberColumn['data'];
  private filled = 0;
  private dataset: Dataset | null = null;
  private rows = 0;

  constructor(
    private readonly group: Group,
    private readonly name: string,
    /** The first rows, which are not yet written: they tell the type. */
    private readonly first: NumberColumn,
  ) {
    const width = rowSize(first);
    this.chunkRows = Math.max(
      1,
      Math.min(MAX_CHUNK_ROWS, Math.floor(CHUNK_BYTES / 4 / (width * bytesOf(first) || 1))),
    );
    const Numbers = first.data.constructor as new (length: number) => NumberColumn['data'];
    this.gathered = new Numbers(this.chunkRows * width);
  }

  /** True if rows are of the same type and shape as those before. */
  takes({ dtype, shape }: NumberColumn): boolean {
    return dtype === this.first.dtype && shape.slice(1).join() === this.first.shape.slice(1).join();
  }

  append(column: NumberColumn): void {
    const width = rowSize(column);
    for (let row = 0; row < column.shape[0]; ) {
      const taken = Math.min(column.shape[0] - row, this.chunkRows - this.filled);
      const part = column.data.subarray(row * width, (row + taken) * width);
      // Both are arrays of the same type, which TypeScript can't tell.
      (this.gathered as Float64Array).set(part as Float64Array, this.filled * width);
      this.filled += taken;
      row += taken;
      if (this.filled === this.chunkRows) this.flush();
    }
  }

  /** Writes the rows that are gathered. Call it at the end. */
  flush(): void {
    if (this.filled === 0) return;
    const row = this.first.shape.slice(1);
    const data = this.gathered.subarray(0, this.filled * rowSize(this.first));
    const isBool = this.first.dtype === 'bool';
    const values = isBool
      ? (flagValues(data as Uint8Array) as unknown as Float64Array)
      : (data as Float64Array);
    const [from, to] = [this.rows, this.rows + this.filled];
    if (this.dataset === null) {
      this.dataset = this.group.create_dataset({
        name: this.name,
        data: values,
        dtype: isBool ? flagDtype() : DTYPES[this.first.dtype as keyof typeof DTYPES],
        shape: [to, ...row],
        maxshape: [null as unknown as number, ...row],
        chunks: [this.chunkRows, ...row],
        compression: GZIP_LEVEL,
      });
    } else {
      this.dataset.resize([to, ...row]);
      this.dataset.write_slice([[from, to], ...row.map((size): [number, number] => [0, size])], values);
    }
    this.rows = to;
    this.filled = 0;
  }
}

const MAX_CHUNK_ROWS = 1 << 14;
const GZIP_LEVEL = 4;
