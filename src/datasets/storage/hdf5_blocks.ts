import { copyRowsOf, joinRows, type NumberColumn } from '../column.js';
import type { Hdf5File } from './hdf5.js';

/** Rows that are read at a time, rounded up to whole chunks: few enough to hold of many arrays, whatever a file's size. */
const BLOCK_ROWS = 1 << 14;

interface Block {
  /** The first row. */
  from: number;
  column: NumberColumn;
}

/**
 * Rows of the arrays in an HDF5 file. They are read in blocks, of which each array's latest is kept: each chunk is
 * decompressed once, not once for each of the episodes in it, as long as rows are asked for in their order.
 */
export class Hdf5Blocks {
  private readonly latest = new Map<string, Block>();

  constructor(private readonly file: Hdf5File) {}

  /** The rows `from` to `to`, that one not included, at least one. Throws a UserError if they can't be read. */
  rows(name: string, from: number, to: number): NumberColumn {
    const first = this.within(name, from, to);
    const parts: [NumberColumn, ...NumberColumn[]] = [first];
    for (let row = from + first.shape[0]; row < to; ) {
      const part = this.within(name, row, to);
      parts.push(part);
      row += part.shape[0];
    }
    return parts.length === 1 ? first : joinRows(parts);
  }

  /** The rows, as far as the block of the first one has them. */
  private within(name: string, from: number, to: number): NumberColumn {
    const block = this.blockOf(name, from);
    const end = Math.min(to - block.from, block.column.shape[0]);
    return copyRowsOf(block.column, from - block.from, end);
  }

  private blockOf(name: string, row: number): Block {
    const kept = this.latest.get(name);
    if (kept && row >= kept.from && row < kept.from + kept.column.shape[0]) return kept;
    const chunk = this.file.rowsOfChunk(name);
    const size = Math.ceil(BLOCK_ROWS / chunk) * chunk;
    const from = row - (row % size);
    const column = this.file.readRows(name, from, Math.min(from + size, this.file.shape(name)[0]));
    const block = { from, column };
    this.latest.set(name, block);
    return block;
  }
}
