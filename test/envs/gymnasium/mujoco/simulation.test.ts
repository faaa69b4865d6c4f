import { expect, it, onTestFinished } from 'vitest';
import { HOPPER } from '../../../../envs/gymnasium/hopper.js';
import { loadMujoco } from '../../../../envs/gymnasium/mujoco/load_mujoco.js';
import { xmlOf } from '../../../../envs/gymnasium/mujoco/xml.js';
import { makeEnvironment } from '../../../../envs/registry.js';

const OPTIONS = { controlMode: 'motor', rewardMode: 'dense' } as const;

it("goes on when other environments make MuJoCo's memory grow", async () => {
  const environment = await makeEnvironment('Hopper-v5', OPTIONS);
  onTestFinished(() => environment.close());
  const observation = new Float32Array(11);
  const action = new Float32Array(3).fill(0.2);
  const mujoco = await loadMujoco();
  const model = mujoco.MjModel.from_xml_string(xmlOf({ ...HOPPER.model, name: 'other' }));
  const run = (between: () => void) => {
    environment.reset(3, observation);
    return Array.from({ length: 5 }, () => {
      environment.step(action, observation);
      between();
      return [...observation, ...Object.values(environment.getState().articulations)[0]];
    });
  };
  const alone = run(() => {});
  const before = new mujoco.MjData(model);
  const view = before.qpos;
  const others = [before];
  // Far more than is free in the memory, whatever its size was.
  const crowded = run(() => {
    while (view.length > 0) others.push(new mujoco.MjData(model));
  });
  for (const other of others) other.delete();
  model.delete();
  expect(view.length).toBe(0);
  expect(crowded).toEqual(alone);
});

it('starts anew from a state without memory as Gymnasium does, with no force felt yet', async () => {
  const environment = await makeEnvironment('Ant-v5', OPTIONS);
  onTestFinished(() => environment.close());
  const observation = new Float32Array(105);
  environment.reset(1, observation);
  for (let step = 0; step < 10; step++) environment.step(new Float32Array(8).fill(1), observation);
  const { memory, ...state } = environment.getState();
  expect(memory!.cfrc_ext.some((force) => force !== 0)).toBe(true);
  environment.setState(state);
  const after = environment.getState();
  expect(after.memory!.cfrc_ext.every((force) => force === 0)).toBe(true);
  expect([...after.memory!.torso_position]).toEqual([...state.articulations.ant.subarray(0, 2)]);
});

it('refuses episodes that are to differ from the simulator', async () => {
  const randomization = { friction: 0.1, mass: 0, latencySteps: 0, observationNoise: 0 };
  await expect(makeEnvironment('Hopper-v5', { ...OPTIONS, randomization })).rejects.toThrow(
    "Hopper-v5 can't be randomised",
  );
});
