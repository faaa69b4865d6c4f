import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Environment } from '../../../envs/env.js';
import type { ExpertOptions } from '../../../envs/experts/expert.js';
import { makeExpert } from '../../../envs/experts/make_expert.js';
import { makeEnvironment } from '../../../envs/registry.js';
import { median } from '../../../src/median.js';

const EPISODES = 60;
const PERFECT = { seed: 1, actionNoise: 0, imperfectShare: 0, speed: 1 };

describe('the expert of PickCube-v1', () => {
  let environment: Environment;
  const observation = new Float32Array(42);
  const action = new Float32Array(8);

  beforeAll(async () => {
    const options = { controlMode: 'pd_joint_delta_pos', rewardMode: 'sparse' } as const;
    environment = await makeEnvironment('PickCube-v1', options);
  });
  afterAll(() => environment.close());

  const demonstrate = (options: ExpertOptions, episodes: number) => {
    const expert = makeExpert(environment.spec, options);
    let successes = 0;
    const firstSuccesses: number[] = [];
    const actions: number[] = [];
    for (let seed = 0; seed < episodes; seed++) {
      environment.reset(seed, observation);
      expert.reset(seed);
      let first = Number.POSITIVE_INFINITY;
      for (let step = 1; step <= 50; step++) {
        expert.act(observation, action);
        actions.push(...action);
        if (environment.step(action, observation).success) first = Math.min(first, step);
      }
      if (environment.evaluate().success) successes++;
      firstSuccesses.push(first);
    }
    return { successAtEnd: successes / episodes, median: median(firstSuccesses), actions };
  };

  it.each([0, 0.1])(
    'succeeds within 50 steps, half of the time within 25, with action noise %d',
    (actionNoise) => {
      const { successAtEnd, median } = demonstrate({ ...PERFECT, actionNoise }, EPISODES);
      expect(successAtEnd).toBeGreaterThanOrEqual(0.98);
      expect(median).toBeLessThanOrEqual(25);
    },
  );

  it('takes longer at a lower speed', () => {
    const { successAtEnd, median } = demonstrate({ ...PERFECT, speed: 0.7 }, 50);
    expect(successAtEnd).toBeGreaterThan(0.9);
    expect(median).toBeGreaterThan(29);
    expect(median).toBeLessThan(34);
  });

  it('keeps its actions in [−1, 1], and repeats them for the same seeds only', () => {
    const run = (seed: number) =>
      demonstrate({ seed, actionNoise: 0.2, imperfectShare: 0.3, speed: 1 }, 5).actions;
    const actions = run(1);
    expect(Math.max(...actions.map(Math.abs))).toBeLessThanOrEqual(1);
    expect(run(1)).toEqual(actions);
    expect(run(2)).not.toEqual(actions);
  });

  it('acts on the observation alone', () => {
    environment.reset(3, observation);
    const fresh = makeExpert(environment.spec, PERFECT);
    const used = makeExpert(environment.spec, PERFECT);
    const expected = new Float32Array(8);
    demonstrate(PERFECT, 1);
    for (let step = 0; step < 20; step++) used.act(observation, action);
    fresh.act(observation, expected);
    expect([...action]).toEqual([...expected]);
  });

  it('spoils the wanted share of episodes', () => {
    const { successAtEnd: spoilt } = demonstrate({ ...PERFECT, imperfectShare: 1 }, 100);
    const { successAtEnd: half } = demonstrate({ ...PERFECT, imperfectShare: 0.5 }, 100);
    expect(spoilt).toBeLessThan(0.35);
    expect(half).toBeGreaterThan(0.45);
    expect(half).toBeLessThan(0.85);
  });

  it('refuses environments and options that it can not serve', () => {
    const { spec } = environment;
    expect(() => makeExpert({ ...spec, envId: 'PickSphere-v1' }, PERFECT)).toThrow('PickCube-v1');
    expect(() => makeExpert(spec, { ...PERFECT, actionNoise: -1 })).toThrow('actionNoise');
    expect(() => makeExpert(spec, { ...PERFECT, imperfectShare: 1.5 })).toThrow('imperfectShare');
    expect(() => makeExpert(spec, { ...PERFECT, speed: 0 })).toThrow('speed');
    expect(() => makeExpert(spec, { ...PERFECT, speed: 1.1 })).toThrow('speed');
  });
});
