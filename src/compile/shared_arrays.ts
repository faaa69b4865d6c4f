/** Named float32 arrays in memory that all threads see. The same sizes on the same buffer give the same arrays. */
export class SharedArrays {
  readonly buffer: SharedArrayBuffer;
  private readonly arrays = new Map<string, Float32Array>();

  /**
   * @param sizes numbers in each array
   * @param buffer another thread's, to see its arrays; new zeroed memory without it
   */
  constructor(
    readonly sizes: Readonly<Record<string, number>>,
    buffer?: SharedArrayBuffer,
  ) {
    const total = Object.values(sizes).reduce((sum, size) => sum + size, 0);
    this.buffer = buffer ?? new SharedArrayBuffer(total * Float32Array.BYTES_PER_ELEMENT);
    let offset = 0;
    for (const [name, size] of Object.entries(sizes)) {
      this.arrays.set(name, new Float32Array(this.buffer, offset, size));
      offset += size * Float32Array.BYTES_PER_ELEMENT;
    }
  }

  find(name: string): Float32Array | undefined {
    return this.arrays.get(name);
  }

  /** The array itself. Throws if there is none. */
  get(name: string): Float32Array {
    const array = this.arrays.get(name);
    if (!array) throw new Error(`no shared array is called "${name}"`);
    return array;
  }

  /** Writes `values` into the array. Throws, naming it, if there are more or fewer of them. */
  write(name: string, values: Float32Array): void {
    const array = this.get(name);
    if (array.length !== values.length) {
      throw new RangeError(`"${name}" holds ${array.length} numbers, not ${values.length}`);
    }
    array.set(values);
  }
}
