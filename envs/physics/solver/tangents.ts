/** Speed, m/s, above which friction's two directions lie along the sliding and across it. */
const MIN_SLIDING = 0.01;

/**
 * Writes two directions across `n` [3]: along the velocity `v` [3] if it slides at more than 1 cm/s, and across it.
 */
export function writeTangents(
  n: Float64Array,
  v: Float64Array,
  [along, across]: readonly [Float64Array, Float64Array],
): void {
  const speed = n[0] * v[0] + n[1] * v[1] + n[2] * v[2];
  let squared = 0;
  for (let i = 0; i < 3; i++) {
    along[i] = v[i] - speed * n[i];
    squared += along[i] * along[i];
  }
  if (squared <= MIN_SLIDING * MIN_SLIDING) {
    const isFlat = Math.abs(n[0]) < Math.SQRT1_2;
    along[0] = isFlat ? 0 : -n[1];
    along[1] = isFlat ? -n[2] : n[0];
    along[2] = isFlat ? n[1] : 0;
    squared = along[0] * along[0] + along[1] * along[1] + along[2] * along[2];
  }
  const scale = 1 / Math.sqrt(squared);
  for (let i = 0; i < 3; i++) along[i] *= scale;
  across[0] = n[1] * along[2] - n[2] * along[1];
  across[1] = n[2] * along[0] - n[0] * along[2];
  across[2] = n[0] * along[1] - n[1] * along[0];
}
