/**
 * A table in FlatBuffers' encoding. Whatever is read is checked to lie within the bytes: in damaged ones, an error is thrown
 * before anything is allocated.
 */
export class FlatTable {
  private constructor(
    private readonly view: DataView,
    private readonly position: number,
  ) {}

  /** The root table of some bytes. */
  static rootOf(bytes: Uint8Array): FlatTable {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new FlatTable(view, view.getUint32(0, true));
  }

  has(field: number): boolean {
    return this.place(field) !== 0;
  }

  byte(field: number, usual = 0): number {
    const place = this.place(field);
    return place === 0 ? usual : this.view.getUint8(place);
  }

  short(field: number): number {
    const place = this.place(field);
    return place === 0 ? 0 : this.view.getInt16(place, true);
  }

  int(field: number): number {
    const place = this.place(field);
    return place === 0 ? 0 : this.view.getInt32(place, true);
  }

  /** A number of 64 bits. */
  long(field: number): number {
    const place = this.place(field);
    return place === 0 ? 0 : Number(this.view.getBigInt64(place, true));
  }

  text(field: number): string {
    const { from, count } = this.vector(field, 1);
    return TEXTS.decode(new Uint8Array(this.view.buffer, this.view.byteOffset + from, count));
  }

  table(field: number): FlatTable | null {
    const place = this.place(field);
    return place === 0 ? null : this.at(place);
  }

  tables(field: number): FlatTable[] {
    const { from, count } = this.vector(field, 4);
    return Array.from({ length: count }, (_, i) => this.at(from + 4 * i));
  }

  /** Structures that consist of numbers of 64 bits, `size` of them each. */
  longs(field: number, size: number): number[][] {
    const { from, count } = this.vector(field, 8 * size);
    const number = (i: number) => Number(this.view.getBigInt64(from + 8 * i, true));
    return Array.from({ length: count }, (_, i) =>
      Array.from({ length: size }, (__, j) => number(size * i + j)),
    );
  }

  /** The place of a field's value; 0 if it is left out. */
  private place(field: number): number {
    const table = this.position - this.view.getInt32(this.position, true);
    const slot = 4 + 2 * field;
    if (slot >= this.view.getUint16(table, true)) return 0;
    const offset = this.view.getUint16(table + slot, true);
    return offset === 0 ? 0 : this.position + offset;
  }

  private at(place: number): FlatTable {
    return new FlatTable(this.view, place + this.view.getUint32(place, true));
  }

  /** The place of a vector's first element of so many bytes, and their number. */
  private vector(field: number, size: number): { from: number; count: number } {
    const place = this.place(field);
    if (place === 0) return { from: 0, count: 0 };
    const start = place + this.view.getUint32(place, true);
    const count = this.view.getUint32(start, true);
    if (start + 4 + count * size > this.view.byteLength)
      throw new RangeError(`${count} elements beyond the end`);
    return { from: start + 4, count };
  }
}

const TEXTS = new TextDecoder();
