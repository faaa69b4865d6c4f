/** A reader of bytes from their beginning on. All its methods throw an Error where the bytes end too early. */
export class ByteReader {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  /** Number of bytes that are not read yet. */
  get left(): number {
    return this.bytes.length - this.at;
  }

  byte(): number {
    if (this.at >= this.bytes.length) throw new Error('it ends too early');
    return this.bytes[this.at++];
  }

  /** The next bytes, not copied. */
  take(length: number): Uint8Array {
    if (length > this.left) throw new Error(`${length} bytes where ${this.left} are left`);
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  rest(): Uint8Array {
    return this.take(this.left);
  }

  /** A whole number of 7 bits a byte, the lowest first. Throws an Error beyond 2^53. */
  varint(): number {
    let value = 0;
    for (let scale = 1, count = 0; count < 8; count++, scale *= 128) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128 && Number.isSafeInteger(value)) return value;
    }
    throw new Error('a number beyond 53 bits');
  }

  /** The same, of 64 bits without a sign. */
  varint64(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return BigInt.asUintN(64, value);
    }
    throw new Error('a number beyond 64 bits');
  }
}
