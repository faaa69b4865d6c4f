/** The critics' standard deviation of Q, averaged over the batch; `values` are each critic's [batch]. */
export function disagreement(values: readonly Float32Array[]): number {
  const rows = values[0].length;
  let total = 0;
  for (let row = 0; row < rows; row++) {
    let [sum, sumOfSquares] = [0, 0];
    // Differences from the first critic: squares of the values themselves would cancel badly.
    for (const value of values) {
      const difference = value[row] - values[0][row];
      sum += difference;
      sumOfSquares += difference * difference;
    }
    const mean = sum / values.length;
    total += Math.sqrt(Math.max(0, sumOfSquares / values.length - mean * mean));
  }
  return total / rows;
}

/** As in CRITIC_METRICS: means over the critics, the lowest and highest Q of any, the norm of all their gradients. */
export function ensembleMetrics(members: readonly Float32Array[]): number[] {
  const total = (entry: number) => members.reduce((sum, metrics) => sum + metrics[entry], 0);
  const mean = (entry: number) => total(entry) / members.length;
  const lowest = Math.min(...members.map((metrics) => metrics[2]));
  const highest = Math.max(...members.map((metrics) => metrics[3]));
  return [mean(0), mean(1), lowest, highest, Math.sqrt(total(4))];
}
