import { type NamedShapes, sizeOf } from '../../nn/parameters.js';

/**
 * The ports of an elementwise kernel in the order of its parameters: after the number of bytes of each array come the
 * addresses of the arrays it reads, those of the arrays it writes, and the scalars it reads. It returns the scalars
 * that it computes.
 */
export interface KernelPorts {
  arraysIn: string[];
  arraysOut: string[];
  scalarsIn: string[];
  scalarsOut: string[];
}

/** Sorts a stage's ports by their shapes. */
export function kernelPorts(inputs: NamedShapes, outputs: NamedShapes): KernelPorts {
  const names = (ports: NamedShapes, scalar: boolean) =>
    Object.keys(ports).filter((name) => (sizeOf(ports[name]) === 1) === scalar);
  return {
    arraysIn: names(inputs, false),
    arraysOut: names(outputs, false),
    scalarsIn: names(inputs, true),
    scalarsOut: names(outputs, true),
  };
}
