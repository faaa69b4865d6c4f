import { expect, it, onTestFinished } from 'vitest';
import type { EnvironmentState } from '../../../envs/env.js';
import { makeEnvironment, tableTopTasks } from '../../../envs/registry.js';

async function start(envId: string) {
  const options = { controlMode: 'pd_joint_delta_pos', rewardMode: 'sparse' } as const;
  const environment = await makeEnvironment(envId, options);
  onTestFinished(() => environment.close());
  const observation = new Float32Array(environment.spec.observationDim);
  environment.reset(3, observation);
  return { environment, observation, state: environment.getState() };
}

it.each<[string, string, (state: EnvironmentState) => void, string]>([
  [
    'a cube in the table',
    'PushCube-v1',
    ({ actors }) => actors.cube.set([0], 2),
    'PushCube-v1: the state can\'t be: "cube" is 20 mm deep in "table-workspace"; more than 10 mm',
  ],
  [
    'a ball in the table',
    'RollBall-v1',
    ({ actors }) => actors.ball.set([0.02], 2),
    '"ball" is 15 mm deep in "table-workspace"',
  ],
  [
    'a peg in the wood of the box',
    'PegInsertionSide-v1',
    ({ actors }) => actors.peg.set([...actors.box_with_hole.subarray(0, 2), 0.02, 1, 0, 0, 0]),
    'deep in "box_with_hole"; more than 35 mm',
  ],
  [
    'a charger in the receptacle',
    'PlugCharger-v1',
    ({ actors }) => actors.charger.set(actors.receptacle.subarray(0, 7)),
    '"charger" is 16 mm deep in "receptacle"',
  ],
  [
    'a cube in the table, where it may begin in the tool',
    'PullCubeTool-v1',
    ({ actors }) => actors.cube.set([0], 2),
    '"cube" is 20 mm deep in "table-workspace"; more than 10 mm',
  ],
  [
    'a turn that is none',
    'PushCube-v1',
    ({ actors }) => actors.cube.fill(0, 3, 7),
    'PushCube-v1: the quaternion of "cube" has length 0.000; it must be 1',
  ],
])('%s is refused, and changes nothing', async (_, envId, change, message) => {
  const { environment, observation, state } = await start(envId);
  const impossible = environment.getState();
  change(impossible);
  expect(() => environment.checkState(impossible)).toThrow(message);
  expect(() => environment.setState(impossible)).toThrow(message);
  expect(() => environment.resetTo(impossible, null, observation)).toThrow(message);
  environment.setState(state);
  expect(environment.getState()).toEqual(state);
});

it('a ball that has rolled off the table is taken, and so is a cube that is pressed into it by a millimetre', async () => {
  const ball = await start('RollBall-v1');
  ball.state.actors.ball.set([0, -1.3, -0.5]);
  ball.environment.setState(ball.state);
  const cube = await start('PushCube-v1');
  cube.state.actors.cube.set([0.019], 2);
  cube.environment.setState(cube.state);
});

it.each(tableTopTasks().map(({ id }) => id))('every start of %s can be', async (envId) => {
  const { environment, observation } = await start(envId);
  // In episode 35, the cube of PullCubeTool-v1 stands in the hook.
  for (let seed = 0; seed < 40; seed++) {
    environment.reset(seed, observation);
    environment.checkState(environment.getState());
  }
});
