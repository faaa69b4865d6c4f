import type { LocalArrays } from '../../compile/local_arrays.js';
import { SharedArrays } from '../../compile/shared_arrays.js';

/** Moving the state between the threads' own arrays and memory that all of them see. */
export interface StateTransfer {
  direction: 'save' | 'restore';
  sizes: Record<string, number>;
  buffer: SharedArrayBuffer;
}

/**
 * Moves the part of the state that a thread has. Copies of a network are equal, so each may be the one that is saved.
 */
export function moveState(local: LocalArrays, { direction, sizes, buffer }: StateTransfer): void {
  const state = new SharedArrays(sizes, buffer);
  for (const name of Object.keys(sizes)) {
    const own = local.find(name);
    if (!own) continue;
    if (direction === 'save') state.write(name, own);
    else own.set(state.get(name));
  }
}
