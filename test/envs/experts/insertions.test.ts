import { describe, expect, it, onTestFinished } from 'vitest';
import { carry } from '../../../envs/experts/insertion.js';
import { makeExpert } from '../../../envs/experts/make_expert.js';
import { makeEnvironment } from '../../../envs/registry.js';
import { angleBetween, fromFrame, inFrame } from '../../../envs/tasks/frames.js';
import { PERFECT, successSteps } from './success_steps.js';

async function make(envId: string) {
  const environment = await makeEnvironment(envId, {
    controlMode: 'pd_joint_delta_pos',
    rewardMode: 'sparse',
  });
  onTestFinished(() => environment.close());
  return environment;
}

describe.each(['PegInsertionSide-v1', 'PlugCharger-v1'])('the expert of %s', (envId) => {
  it('succeeds in most episodes with the noise that demonstrations have', async () => {
    const environment = await make(envId);
    const successes = successSteps(environment, { ...PERFECT, actionNoise: 0.1 }, 10);
    expect(successes.length).toBeGreaterThanOrEqual(7);
  });

  it('fails in most episodes that it spoils', async () => {
    const environment = await make(envId);
    expect(successSteps(environment, { ...PERFECT, imperfectShare: 1 }, 10).length).toBeLessThanOrEqual(6);
  });

  it('leaves what is inside where it is, up to the end', async () => {
    const environment = await make(envId);
    const { observationDim, actionDim, maxEpisodeSteps } = environment.spec;
    const observation = new Float32Array(observationDim);
    const action = new Float32Array(actionDim);
    const expert = makeExpert(environment.spec, { ...PERFECT, actionNoise: 0.1 });
    environment.reset(3, observation);
    expert.reset(3);
    for (let step = 0; step < maxEpisodeSteps; step++) {
      expert.act(observation, action);
      environment.step(action, observation);
    }
    expect(environment.evaluate().success).toBe(true);
  });
});

describe('carrying', () => {
  it('brings what is held to its goal, however it lies in the fingers', () => {
    const half = (angle: number) => [Math.cos(angle / 2), Math.sin(angle / 2)];
    const [tiltW, tiltX] = half(0.3);
    const [yawW, yawZ] = half(1.1);
    const held = [0.1, 0.2, 0.3, tiltW, tiltX, 0, 0];
    const goal = [0, -0.1, 0.2, yawW, 0, 0, yawZ];
    const tcp = [0.12, 0.21, 0.33, 0, 1, 0, 0];
    const aim = {
      target: new Float64Array(3),
      orientation: new Float64Array(4),
      gripper: 1,
      turnsFreely: false,
      speed: 1,
      shaking: 1,
    };
    carry(aim, tcp, held, goal);
    const tool = [...aim.target, ...aim.orientation];
    // The tool sees the object where it saw it before.
    for (const x of [0, 0.1]) {
      const before = inFrame(tcp, fromFrame(held, x, 0.02, 0));
      inFrame(tool, fromFrame(goal, x, 0.02, 0)).forEach((value, axis) => {
        expect(value).toBeCloseTo(before[axis], 10);
      });
    }
    expect(angleBetween(tool, goal)).toBeCloseTo(angleBetween(tcp, held), 10);
  });
});
