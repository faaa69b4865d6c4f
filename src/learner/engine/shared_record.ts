import type { SharedArrays } from '../../compile/shared_arrays.js';
import type { UpdateRecord } from '../metrics.js';
import type { Dual, Optimiser, Value } from '../step.js';
import { CHUNK } from './memory.js';
import type { LearnerModel } from './model.js';

/** The results of the updates of a chunk, in shared memory. */
export class SharedRecord implements UpdateRecord {
  private update = 0;

  constructor(
    private readonly model: LearnerModel,
    private readonly shared: SharedArrays,
  ) {}

  /** The record, turned to one of the updates. */
  at(update: number): this {
    this.update = update;
    return this;
  }

  rows(value: Value): Float32Array {
    const { members } = this.model.layouts.get(value)!;
    return this.blocks(value, 0, members);
  }

  member(value: Value, index: number): Float32Array {
    return this.blocks(value, index, 1);
  }

  squaredNorm({ name }: Optimiser, member: number): number {
    const all = this.shared.get(`${name}SquaredNorm`);
    return all[(this.update * all.length) / CHUNK + member];
  }

  dual({ name }: Dual): number {
    return Math.exp(this.shared.get(`${name}Used`)[this.update]);
  }

  private blocks(value: Value, first: number, count: number): Float32Array {
    const { width, members, slots } = this.model.layouts.get(value)!;
    const size = this.model.sizes.batchSize * width;
    const start = ((this.update % slots) * members + first) * size;
    return this.shared.get(value.name).subarray(start, start + count * size);
  }
}
