import { type NamedShapes, sizeOf } from '../nn/parameters.js';

const PAGE_BYTES = 65536;
/** Numbers in a cache line, at multiples of which groups begin; the memory between groups is zero. */
const ALIGNMENT = 16;

/** The groups of arrays that one thread keeps to itself: the shapes of each group's arrays, by its name. */
export type Groups = Readonly<Record<string, NamedShapes>>;

/**
 * One thread's named float32 arrays. Those of a group lie end to end, in the order of its shapes, in memory that
 * compiled kernels can address.
 */
export class LocalArrays {
  readonly memory: WebAssembly.Memory;
  private readonly arrays = new Map<string, Float32Array>();

  constructor(readonly groups: Groups) {
    const sizes = Object.values(groups).map((shapes) => alignedSize(groupSize(shapes)));
    const bytes = sizes.reduce((sum, size) => sum + size, 0) * Float32Array.BYTES_PER_ELEMENT;
    // The memory must never grow: that would detach all arrays.
    this.memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE_BYTES) });
    let start = 0;
    for (const [group, shapes] of Object.entries(groups)) {
      this.arrays.set(group, this.view(start, groupSize(shapes)));
      let offset = start;
      for (const [name, shape] of Object.entries(shapes)) {
        this.arrays.set(`${group}/${name}`, this.view(offset, sizeOf(shape)));
        offset += sizeOf(shape);
      }
      start += alignedSize(groupSize(shapes));
    }
  }

  /** The array or group itself, always the same object for the same name. */
  find(name: string): Float32Array | undefined {
    return this.arrays.get(name);
  }

  /** The array or group itself. Throws if there is none. */
  get(name: string): Float32Array {
    const array = this.arrays.get(name);
    if (!array) throw new Error(`no array is called "${name}"`);
    return array;
  }

  /** Adds an array of its own, outside the groups' memory. */
  add(name: string, size: number): Float32Array {
    const array = new Float32Array(size);
    this.arrays.set(name, array);
    return array;
  }

  private view(start: number, size: number): Float32Array {
    return new Float32Array(this.memory.buffer, start * Float32Array.BYTES_PER_ELEMENT, size);
  }
}

/** The numbers in all arrays of a group. */
export function groupSize(shapes: NamedShapes): number {
  return Object.values(shapes).reduce((sum, shape) => sum + sizeOf(shape), 0);
}

function alignedSize(size: number): number {
  return Math.ceil(size / ALIGNMENT) * ALIGNMENT;
}
