/** Cholesky factor L of the symmetric positive definite `matrix` [n, n], L·Lᵀ = matrix, into the lower half of `out`. */
export function choleskyFactor(matrix: Float64Array, n: number, out: Float64Array): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[n * i + j];
      for (let k = 0; k < j; k++) sum -= out[n * i + k] * out[n * j + k];
      out[n * i + j] = i === j ? Math.sqrt(sum) : sum / out[n * j + j];
    }
  }
}

/** Solves L·Lᵀ·x = b in place: `vector` [n] is b before and x after. */
export function choleskySolve(factor: Float64Array, n: number, vector: Float64Array): void {
  for (let i = 0; i < n; i++) {
    let sum = vector[i];
    for (let k = 0; k < i; k++) sum -= factor[n * i + k] * vector[k];
    vector[i] = sum / factor[n * i + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = vector[i];
    for (let k = i + 1; k < n; k++) sum -= factor[n * k + i] * vector[k];
    vector[i] = sum / factor[n * i + i];
  }
}

/** Inverse of the matrix with the Cholesky factor `factor` into `out` [n, n]; overwrites `factor` by its inverse. */
export function choleskyInverse(factor: Float64Array, n: number, out: Float64Array): void {
  for (let j = 0; j < n; j++) {
    factor[n * j + j] = 1 / factor[n * j + j];
    for (let i = j + 1; i < n; i++) {
      let sum = 0;
      for (let k = j; k < i; k++) sum -= factor[n * i + k] * factor[n * k + j];
      factor[n * i + j] = sum / factor[n * i + i];
    }
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = i; k < n; k++) sum += factor[n * k + i] * factor[n * k + j];
      out[n * i + j] = sum;
      out[n * j + i] = sum;
    }
  }
}
