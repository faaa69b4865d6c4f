/** The most transitions of the data that are held out, and the least number of rows for each of them. */
const MOST = 1000;
const LEAST_STRIDE = 5;

/**
 * True for transitions that a model does not learn from, to be judged by them: about 1000 of `size`, in equal steps, or a fifth where
 * there are fewer than 5000.
 */
export function isHeldOut(row: number, size: number): boolean {
  return size > 1 && row % Math.max(LEAST_STRIDE, Math.ceil(size / MOST)) === 0;
}
