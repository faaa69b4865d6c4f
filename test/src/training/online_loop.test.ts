import { describe, expect, test } from 'vitest';
import { configSchema } from '../../../src/config/schema.js';
import { imitationWeight } from '../../../src/training/online_loop.js';

function weights(sac: object, envSteps: number[]): number[] {
  const config = configSchema.parse({ sac });
  return envSteps.map((steps) => imitationWeight(config.sac, steps));
}

describe('imitationWeight', () => {
  test('stays where it is unless it is to fall', () => {
    expect(weights({ bc_weight: 10 }, [0, 5_000, 1_000_000])).toEqual([10, 10, 10]);
  });

  test('falls in a straight line, and then stays', () => {
    const sac = { bc_weight: 30, bc_weight_end: 2, bc_decay_steps: 4_000 };
    expect(weights(sac, [0, 1_000, 2_000, 4_000, 9_000])).toEqual([30, 23, 16, 2, 2]);
  });
});
