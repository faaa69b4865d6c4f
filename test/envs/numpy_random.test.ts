import { expect, it } from 'vitest';
import { NumpyRandom } from '../../envs/numpy_random.js';

it("draws the numbers of NumPy's RandomState", () => {
  const random = new NumpyRandom(2);
  // np.random.RandomState(2): uniform(0.085, 0.125), uniform(0.015, 0.025), and the last of 1,000 uniform(-1, 1).
  expect(random.uniform(0.085, 0.125)).toBeCloseTo(0.10243979608568016, 16);
  expect(random.uniform(0.015, 0.025)).toBeCloseTo(0.015259262318278913, 16);
  const draws = Array.from({ length: 1000 }, () => random.uniform(-1, 1));
  expect(draws.at(-1)).toBeCloseTo(0.13115803301020335, 14);
});
