import { describe, expect, it } from 'vitest';
import { validateConfig } from '../../../../src/config/load.js';
import type { Agent } from '../../../../src/learner/agent.js';
import { Exploration } from '../../../../src/training/phases/exploration.js';

const ACTION_DIM = 500;
const POLICY = 0.4;

/** A policy that always does the same. */
const agent = {
  act: async (_, actions) => {
    actions.fill(POLICY);
  },
} as Pick<Agent, 'act'> as Agent;

function exploration(train: object, numEnvs: number): Exploration {
  return new Exploration(validateConfig({ train }, 'test').train, 0, numEnvs, ACTION_DIM);
}

/** The actions at `envSteps`, one array for each environment. */
async function actionsAt(from: Exploration, numEnvs: number, envSteps: number): Promise<Float32Array[]> {
  const actions = new Float32Array(numEnvs * ACTION_DIM);
  await from.act(agent, new Float32Array(), actions, envSteps);
  return Array.from({ length: numEnvs }, (_, i) => actions.slice(i * ACTION_DIM, (i + 1) * ACTION_DIM));
}

function deviation(actions: Float32Array): number {
  return Math.sqrt(actions.reduce((sum, action) => sum + (action - POLICY) ** 2, 0) / actions.length);
}

describe('exploration', () => {
  it('is random in the seed steps and the policy after them', async () => {
    const random = exploration({ num_seed_steps: 10 }, 1);
    const [first] = await actionsAt(random, 1, 9);
    expect(Math.min(...first)).toBeLessThan(-0.9);
    expect(Math.max(...first)).toBeGreaterThan(0.9);
    const [then] = await actionsAt(random, 1, 10);
    expect(deviation(then)).toBeCloseTo(0, 6);
  });

  it('is the policy from the first step on if seed_with_policy says so', async () => {
    const [actions] = await actionsAt(exploration({ seed_with_policy: true }, 1), 1, 0);
    expect(deviation(actions)).toBeCloseTo(0, 6);
  });

  it('has more noise from environment to environment, up to what is asked for', async () => {
    const noisy = exploration({ num_seed_steps: 0, exploration_noise: 0.2 }, 4);
    const deviations = (await actionsAt(noisy, 4, 0)).map(deviation);
    for (const [i, wanted] of [0.05, 0.1, 0.15, 0.2].entries()) {
      expect(Math.abs(deviations[i] / wanted - 1)).toBeLessThan(0.15);
    }
  });

  it('has noise that goes on from step to step as much as is asked for', async () => {
    for (const correlation of [0, 0.8]) {
      const train = { num_seed_steps: 0, exploration_noise: 0.1, exploration_correlation: correlation };
      const noisy = exploration(train, 1);
      for (let step = 0; step < 20; step++) await actionsAt(noisy, 1, step);
      const [[before], [after]] = [await actionsAt(noisy, 1, 20), await actionsAt(noisy, 1, 21)];
      const products = before.map((action, i) => (action - POLICY) * (after[i] - POLICY));
      const found = products.reduce((sum, product) => sum + product, 0) / ACTION_DIM / 0.1 ** 2;
      expect(Math.abs(found - correlation)).toBeLessThan(0.15);
      expect(Math.abs(deviation(after) / 0.1 - 1)).toBeLessThan(0.15);
    }
  });

  it('stays within the range of actions', async () => {
    const [actions] = await actionsAt(exploration({ num_seed_steps: 0, exploration_noise: 2 }, 1), 1, 0);
    expect(Math.max(...actions)).toBe(1);
    expect(Math.min(...actions)).toBe(-1);
  });

  it('goes on from a saved state', async () => {
    const train = { num_seed_steps: 10, exploration_noise: 0.2, exploration_correlation: 0.7 };
    const [saved, restored] = [exploration(train, 2), exploration(train, 2)];
    for (const envSteps of [0, 10]) await actionsAt(saved, 2, envSteps);
    restored.setState(structuredClone(saved.getState()));
    for (const envSteps of [0, 10]) {
      expect(await actionsAt(restored, 2, envSteps)).toEqual(await actionsAt(saved, 2, envSteps));
    }
  });
});
