/**
 * Runs `compute` while `Math.random` throws. Random numbers that TensorFlow.js draws while a function is traced, as
 * `tf.dropout` and `tf.randomNormal` do, would become constants: the same numbers in every run.
 */
export function withoutRandomNumbers<T>(compute: () => T): T {
  const { random } = Math;
  Math.random = () => {
    throw new Error('a compiled function cannot draw random numbers: they must be among its inputs');
  };
  try {
    return compute();
  } finally {
    Math.random = random;
  }
}
