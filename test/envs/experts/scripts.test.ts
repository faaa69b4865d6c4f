import { describe, expect, it, onTestFinished } from 'vitest';
import type { Environment } from '../../../envs/env.js';
import type { Script } from '../../../envs/experts/script.js';
import { ScriptedExpert } from '../../../envs/experts/scripted_expert.js';
import { makeEnvironment } from '../../../envs/registry.js';
import { createTaskEnvironment } from '../../../envs/tasks/task_environment.js';
import { median } from '../../../src/median.js';
import { PEG_TASK } from '../tasks/peg_task.js';
import { PERFECT, successesAtEnd, successSteps } from './success_steps.js';

const OPTIONS = { controlMode: 'pd_joint_delta_pos', rewardMode: 'sparse' } as const;

async function make(envId: string): Promise<Environment> {
  const environment = await makeEnvironment(envId, OPTIONS);
  onTestFinished(() => environment.close());
  return environment;
}

describe.each([
  { envId: 'PullCube-v1', medianStep: 28 },
  { envId: 'LiftPegUpright-v1', medianStep: 28 },
  { envId: 'PokeCube-v1', medianStep: 33 },
  { envId: 'PullCubeTool-v1', medianStep: 68 },
])('the expert of $envId', ({ envId, medianStep }) => {
  it(`has succeeded half of the time after ${medianStep} steps`, async () => {
    const steps = successSteps(await make(envId), PERFECT, 20);
    expect(median(steps)).toBeLessThanOrEqual(medianStep);
  });

  it('leaves a success a success until the time is up, with the noise that demonstrations have', async () => {
    const successes = successesAtEnd(await make(envId), { ...PERFECT, actionNoise: 0.1 }, 15);
    expect(successes).toBeGreaterThanOrEqual(14);
  });

  it('fails in most episodes that it spoils', async () => {
    const steps = successSteps(await make(envId), { ...PERFECT, imperfectShare: 1 }, 15);
    expect(steps.length).toBeLessThanOrEqual(7);
  });
});

it('turns the tool to the orientation that a script asks for, by what it sees', async () => {
  const turned = Math.PI / 6;
  const script: Script = {
    orientation: [0, 1, 0, 0],
    flaws: [],
    aim({ parts: { tcp_pose: tcp } }, aim) {
      aim.target.set([0, 0, 0.25]);
      if (tcp[2] > 0.2) aim.orientation.set([0, Math.cos(turned / 2), Math.sin(turned / 2), 0]);
    },
  };
  const environment = await createTaskEnvironment({ ...PEG_TASK, expert: script }, OPTIONS);
  onTestFinished(() => environment.close());
  const expert = new ScriptedExpert({ ...PEG_TASK, expert: script }, script, environment.spec, PERFECT);
  const observation = new Float32Array(environment.spec.observationDim);
  const action = new Float32Array(environment.spec.actionDim);
  environment.reset(0, observation);
  expert.reset(0);
  for (let step = 0; step < 40; step++) {
    expert.act(observation, action);
    environment.step(action, observation);
  }
  const [w, x, y, z] = observation.subarray(21, 25);
  expect(Math.abs(x * Math.cos(turned / 2) + y * Math.sin(turned / 2))).toBeCloseTo(1, 3);
  expect(Math.hypot(w, z)).toBeLessThan(0.02);
});
