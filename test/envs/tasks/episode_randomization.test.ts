import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { DomainRandomization } from '../../../envs/env.js';
import { RandomStream } from '../../../envs/random.js';
import { makeEnvironment } from '../../../envs/registry.js';
import { EpisodeRandomization } from '../../../envs/tasks/episode_randomization.js';

const NONE: DomainRandomization = { friction: 0, mass: 0, latencySteps: 0, observationNoise: 0 };
const ALL: DomainRandomization = { friction: 0.5, mass: 0.5, latencySteps: 2, observationNoise: 0.01 };
const ACTION_DIM = 8;
/** Arm and open fingers stay where they are at the start, in this control mode. */
const HOLD = Float32Array.of(0, 0, 0, 0, 0, 0, 0, 1);

async function make(randomization: DomainRandomization | null = null) {
  const options = {
    controlMode: 'pd_joint_delta_pos',
    rewardMode: 'dense',
    ...(randomization && { randomization }),
  } as const;
  const environment = await makeEnvironment('PickCube-v1', options);
  onTestFinished(() => environment.close());
  return environment;
}

type Environment = Awaited<ReturnType<typeof make>>;

/** Every observation and reward of an episode that begins with `first`, and goes on with random actions. */
function record(environment: Environment, seed: number, steps = 12, first: readonly Float32Array[] = []) {
  const random = new RandomStream(seed);
  const observation = new Float32Array(environment.spec.observationDim);
  const action = new Float32Array(ACTION_DIM);
  environment.reset(seed, observation);
  const trace = [[...observation]];
  for (let step = 0; step < steps; step++) {
    if (step < first.length) action.set(first[step]);
    else random.fillUniform(action, -1, 1);
    const { reward } = environment.step(action, observation);
    trace.push([reward, ...observation]);
  }
  return trace;
}

function drawn(ranges: Partial<DomainRandomization>, episodes = 2000) {
  const randomization = new EpisodeRandomization([], ACTION_DIM, { ...NONE, ...ranges });
  return Array.from({ length: episodes }, (_, seed) => {
    randomization.restart(seed);
    const { frictionScale, massScale } = randomization;
    return { frictionScale, massScale };
  });
}

describe('domain randomization', () => {
  it('changes nothing, bit for bit, where all of it is 0', async () => {
    expect(record(await make(NONE), 5)).toEqual(record(await make(), 5));
  });

  it('leaves the start of an episode what it is, and repeats an episode whatever ran before', async () => {
    const randomized = await make({ ...ALL, observationNoise: 0 });
    expect(record(randomized, 5, 0)).toEqual(record(await make(), 5, 0));
    const noisy = await make(ALL);
    const expected = record(noisy, 5);
    record(noisy, 6, 7);
    expect(record(noisy, 5)).toEqual(expected);
  });

  it('draws factors on both sides of 1 equally often, for friction and mass on their own', () => {
    const factors = drawn({ friction: 0.5, mass: 1 });
    const share = (count: number) => count / factors.length;
    expect(Math.min(...factors.map((one) => one.frictionScale))).toBeCloseTo(1 / 1.5, 2);
    expect(Math.max(...factors.map((one) => one.frictionScale))).toBeCloseTo(1.5, 2);
    expect(Math.max(...factors.map((one) => one.massScale))).toBeCloseTo(2, 1);
    expect(share(factors.filter((one) => one.frictionScale < 1).length)).toBeCloseTo(0.5, 1);
    expect(share(factors.filter((one) => one.frictionScale < 1 === one.massScale < 1).length)).toBeCloseTo(
      0.5,
      1,
    );
    expect(drawn({ mass: 1 }, 1)[0].frictionScale).toBe(1);
  });

  it('delays actions by whole steps, the same number all through an episode', async () => {
    const late = await make({ ...NONE, latencySteps: 2 });
    const nominal = await make();
    const delays = Array.from({ length: 12 }, (_, seed) => {
      const trace = record(late, seed).slice(1);
      return [0, 1, 2].filter((delay) => {
        const held = Array<Float32Array>(delay).fill(HOLD);
        return isDeepStrictEqual(record(nominal, seed, 12, held).slice(1), trace);
      });
    });
    expect(delays.every((matching) => matching.length === 1)).toBe(true);
    expect(new Set(delays.flat())).toEqual(new Set([0, 1, 2]));
  });

  it('adds noise of the given deviation to all but scalars, and keeps quaternions of unit length', async () => {
    const deviation = 0.02;
    const noisy = await make({ ...NONE, observationNoise: deviation });
    const nominal = await make();
    const { observationLayout } = noisy.spec;
    const squares: number[] = [];
    for (let seed = 0; seed < 40; seed++) {
      const [seen, true_] = [noisy, nominal].map((environment) => record(environment, seed, 0)[0]);
      for (const { kind, offset, size } of observationLayout) {
        const measured = kind === 'pose' ? 3 : size;
        for (let i = offset; i < offset + measured; i++) {
          if (kind === 'scalar') expect(seen[i]).toBe(true_[i]);
          else squares.push((seen[i] - true_[i]) ** 2);
        }
        if (kind === 'pose') {
          const quaternion = seen.slice(offset + 3, offset + 7);
          expect(Math.hypot(...quaternion)).toBeCloseTo(1, 5);
          expect(quaternion).not.toEqual(true_.slice(offset + 3, offset + 7));
        }
      }
    }
    const mean = squares.reduce((sum, square) => sum + square, 0) / squares.length;
    expect(Math.sqrt(mean)).toBeCloseTo(deviation, 2);
  });

  it('gives new noise in every step, and the same one whenever a step is observed', async () => {
    const noisy = await make({ ...NONE, observationNoise: 0.02 });
    const observation = new Float32Array(noisy.spec.observationDim);
    noisy.reset(3, observation);
    const again = new Float32Array(noisy.spec.observationDim);
    noisy.observe(again);
    expect(again).toEqual(observation);
    const goal = noisy.spec.observationLayout.find(({ name }) => name === 'extra.goal_pos')!.offset;
    noisy.step(HOLD, again);
    expect(again[goal]).not.toBe(observation[goal]);
  });
});
