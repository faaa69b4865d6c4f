import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Environment } from '../../../envs/env.js';
import type { ExpertOptions } from '../../../envs/experts/expert.js';
import { makeExpert } from '../../../envs/experts/make_expert.js';
import { makeEnvironment } from '../../../envs/registry.js';
import { PERFECT } from './success_steps.js';

const EPISODES = 20;
const OPEN_GAP = 0.07;

describe.each(['PlaceSphere-v1', 'StackCube-v1', 'StackPyramid-v1'])('the expert of %s', (envId) => {
  let environment: Environment;
  let observation: Float32Array;
  let action: Float32Array;

  beforeAll(async () => {
    environment = await makeEnvironment(envId, { controlMode: 'pd_joint_delta_pos', rewardMode: 'sparse' });
    observation = new Float32Array(environment.spec.observationDim);
    action = new Float32Array(environment.spec.actionDim);
  });
  afterAll(() => environment.close());

  /** The successes at the end of all episodes, whatever happened in them; calls `atSuccess` at each. */
  const play = (options: Partial<ExpertOptions>, atSuccess = () => {}): number => {
    const expert = makeExpert(environment.spec, { ...PERFECT, ...options });
    let successes = 0;
    for (let seed = 0; seed < EPISODES; seed++) {
      environment.reset(seed, observation);
      expert.reset(seed);
      for (let step = 0; step < environment.spec.maxEpisodeSteps; step++) {
        expert.act(observation, action);
        environment.step(action, observation);
      }
      if (!environment.evaluate().success) continue;
      successes++;
      atSuccess();
    }
    return successes;
  };

  it('succeeds at the end of nearly all episodes, with its fingers wide open', () => {
    const successes = play({}, () => {
      expect(observation[7] + observation[8]).toBeGreaterThan(OPEN_GAP);
    });
    expect(successes).toBeGreaterThanOrEqual(EPISODES - 2);
  });

  it('mostly succeeds with the noise that demonstrations have', () => {
    expect(play({ actionNoise: 0.1 })).toBeGreaterThanOrEqual(0.8 * EPISODES);
  });

  it('fails in many of the episodes that it spoils', () => {
    expect(play({ imperfectShare: 1 })).toBeLessThanOrEqual(0.7 * EPISODES);
  });
});

describe('the fingers that grip a cube', () => {
  it('are along its faces', async () => {
    const environment = await makeEnvironment('StackCube-v1', {
      controlMode: 'pd_joint_delta_pos',
      rewardMode: 'sparse',
    });
    const expert = makeExpert(environment.spec, PERFECT);
    const observation = new Float32Array(environment.spec.observationDim);
    const action = new Float32Array(environment.spec.actionDim);
    for (let seed = 0; seed < EPISODES; seed++) {
      environment.reset(seed, observation);
      expert.reset(seed);
      do {
        environment.step(action, observation);
        expert.act(observation, action);
      } while (action[7] > 0);
      const turn = yaw(observation.subarray(21, 25)) - yaw(observation.subarray(28, 32));
      const fromFaces = turn - (Math.PI / 2) * Math.round(turn / (Math.PI / 2));
      expect(Math.abs(fromFaces), `seed ${seed}`).toBeLessThan(0.15);
    }
    environment.close();
  });
});

function yaw([w, x, y, z]: Float32Array): number {
  return Math.atan2(2 * (x * y + w * z), 1 - 2 * (y * y + z * z));
}
