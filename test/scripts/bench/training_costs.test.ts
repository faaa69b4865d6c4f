import { expect, it } from 'vitest';
import { costsPerEnvStep, medianCosts, totalOf } from '../../../scripts/bench/training_costs.js';
import { loadConfig } from '../../../src/config/load.js';

const config = loadConfig('configs/base_rlpd_ms3.yml', []);
const stretch = {
  envSteps: 320,
  elapsed: 4,
  env: 0.32,
  inference: 0.16,
  sampling: 0.08,
  update: 3,
  log: 0.12,
};
const occasions = { log: 0.002, eval: 5, save: 0.5 };

it('counts occasions as often as the recipe has them, not as often as they were measured', () => {
  const costs = costsPerEnvStep(stretch, occasions, config);
  expect(costs.update).toBeCloseTo(3 / 320);
  expect(costs.log).toBeCloseTo(0.002 / 1000);
  expect(costs.eval).toBeCloseTo(5 / 50_000);
  expect(costs.save).toBeCloseTo(0.5 / 50_000);
  expect(costs.rest).toBeCloseTo(0.32 / 320);
  // Everything that was measured, but for the log line that fell into the stretch, and the recipe's occasions.
  expect(totalOf(costs)).toBeCloseTo((4 - 0.12) / 320 + 0.002 / 1000 + 5.5 / 50_000);
});

it('takes the median of each phase by itself', () => {
  const rounds = [1, 3, 2].map((env, round) => ({
    ...costsPerEnvStep(stretch, occasions, config),
    env,
    save: [7, 5, 6][round],
  }));
  expect(medianCosts(rounds)).toMatchObject({ env: 2, save: 6 });
});
