import { describe, expect, it, onTestFinished } from 'vitest';
import { completeState, makeEnvironment } from '../../../envs/registry.js';
import { readTaskRecording, startOf, taskStateOf } from '../task_recording.js';

async function make(envId: string) {
  const environment = await makeEnvironment(envId, {
    controlMode: 'pd_joint_delta_pos',
    rewardMode: 'sparse',
  });
  onTestFinished(() => environment.close());
  return environment;
}

describe('PegInsertionSide-v1', () => {
  it("has ManiSkill's sizes by its seed alone", () => {
    const { env, episodes } = readTaskRecording('peg_insertion_side');
    for (const episode of episodes.filter(({ kind }) => kind === 'demo')) {
      const start = startOf(episode);
      const observed = completeState(env, taskStateOf(episode), start).geometry!;
      const drawn = completeState(env, taskStateOf(episode), { ...start, observe: () => null }).geometry!;
      for (const [name, [value]] of Object.entries(observed)) expect(drawn[name][0]).toBeCloseTo(value, 6);
    }
  });

  it('has a box whose hole lets the peg through', async () => {
    const environment = await make('PegInsertionSide-v1');
    const observation = new Float32Array(environment.spec.observationDim);
    const action = new Float32Array(environment.spec.actionDim);
    for (let seed = 0; seed < 5; seed++) {
      environment.reset(seed, observation);
      const state = environment.getState();
      state.actors.peg.set(observation.subarray(35, 42));
      environment.setState(state);
      expect(environment.evaluate().success).toBe(true);
      for (let step = 0; step < 20; step++) environment.step(action, observation);
      const fallen = Math.hypot(...[0, 1, 2].map((axis) => observation[25 + axis] - observation[35 + axis]));
      // The play below the peg, 3 mm, and what falling onto the hole's edge leaves.
      expect(fallen).toBeGreaterThan(0.002);
      expect(fallen).toBeLessThan(0.0035);
      expect(environment.evaluate().success).toBe(true);
    }
  });
});

describe('PlugCharger-v1', () => {
  it('holds a charger that is plugged in', async () => {
    const environment = await make('PlugCharger-v1');
    const observation = new Float32Array(environment.spec.observationDim);
    const action = new Float32Array(environment.spec.actionDim);
    environment.reset(1, observation);
    const state = environment.getState();
    state.actors.charger.set(observation.subarray(39, 46));
    environment.setState(state);
    for (let step = 0; step < 20; step++) environment.step(action, observation);
    expect(environment.evaluate().success).toBe(true);
    expect(observation[27]).toBeCloseTo(0.1, 2);
  });
});
