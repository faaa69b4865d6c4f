/**
 * Weights from 0 with their sums, by which one is found in proportion to its weight in log₂ n steps. Each sum is that of the two below it, so a tree
 * that is filled anew with the same weights is the same to the bit.
 */
export class SumTree {
  /** The sum of nodes 2i and 2i + 1 in node i, from 1 on; weights are in the nodes from `leaves` on. */
  private readonly sums: Float64Array;
  private readonly leaves: number;

  constructor(readonly size: number) {
    this.leaves = 2 ** Math.ceil(Math.log2(Math.max(1, size)));
    this.sums = new Float64Array(2 * this.leaves);
  }

  /** The sum of all weights. */
  get total(): number {
    return this.sums[1];
  }

  weightOf(index: number): number {
    return this.sums[this.leaves + index];
  }

  set(index: number, weight: number): void {
    let node = this.leaves + index;
    this.sums[node] = weight;
    for (node >>= 1; node > 0; node >>= 1) this.sums[node] = this.sums[2 * node] + this.sums[2 * node + 1];
  }

  /** Sets the weights from 0 on; the others become 0. */
  setAll(weights: ArrayLike<number>): void {
    this.sums.fill(0);
    this.sums.set(weights, this.leaves);
    for (let node = this.leaves - 1; node > 0; node--)
      this.sums[node] = this.sums[2 * node] + this.sums[2 * node + 1];
  }

  /** The weight in whose part of the sum `point` lies, 0 ≤ point < total, parts in the order of the weights. */
  find(point: number): number {
    let node = 1;
    let left = point;
    while (node < this.leaves) {
      node *= 2;
      const below = this.sums[node];
      // Rounding can lead to a part of weight 0 at the end of the sum.
      if (left >= below && this.sums[node + 1] > 0) {
        left -= below;
        node++;
      }
    }
    return node - this.leaves;
  }
}
