import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Environment } from '../../../envs/env.js';
import { makeExpert } from '../../../envs/experts/make_expert.js';
import { makeEnvironment } from '../../../envs/registry.js';
import { PERFECT, successSteps } from './success_steps.js';

describe('the expert of RollBall-v1', () => {
  let environment: Environment;

  beforeAll(async () => {
    environment = await makeEnvironment('RollBall-v1', {
      controlMode: 'pd_joint_delta_pos',
      rewardMode: 'sparse',
    });
  });
  afterAll(() => environment.close());

  it('succeeds in most episodes with the noise that demonstrations have', () => {
    expect(successSteps(environment, { ...PERFECT, actionNoise: 0.1 }, 30).length).toBeGreaterThanOrEqual(24);
  });

  it('fails in most episodes that it spoils', () => {
    expect(successSteps(environment, { ...PERFECT, imperfectShare: 1 }, 20).length).toBeLessThanOrEqual(5);
  });

  it('holds still with an open gripper while the ball rolls', () => {
    const { observationDim, actionDim } = environment.spec;
    const observation = new Float32Array(observationDim);
    const action = new Float32Array(actionDim);
    const expert = makeExpert(environment.spec, PERFECT);
    environment.reset(0, observation);
    for (let step = 0; step < 40; step++) {
      expert.act(observation, action);
      environment.step(action, observation);
    }
    expert.act(observation, action);
    expect([...action]).toEqual([0, 0, 0, 0, 0, 0, 0, 1]);
  });
});
