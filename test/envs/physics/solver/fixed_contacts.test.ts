import { afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Actor } from '../../../../envs/bodies/actor.js';
import { box, dynamic, fixed } from '../../../../envs/bodies/description.js';
import { makeExpert } from '../../../../envs/experts/make_expert.js';
import { DEFAULT_BASE_POSE } from '../../../../envs/panda/model.js';
import { ClosestPoints } from '../../../../envs/physics/collision/closest_points.js';
import { loadRapier } from '../../../../envs/physics/rapier.js';
import { RobotShapes } from '../../../../envs/physics/robot_shapes.js';
import { Scene } from '../../../../envs/physics/scene.js';
import { FixedContacts } from '../../../../envs/physics/solver/fixed_contacts.js';
import { FreeBody } from '../../../../envs/physics/solver/free_body.js';
import { Joints } from '../../../../envs/physics/solver/joints.js';
import { environmentEntry, makeEnvironment } from '../../../../envs/registry.js';
import { PANDA } from '../../../../envs/robots/panda.js';

const HALF = 0.02;
const WALL_X = 0.3;

beforeAll(loadRapier);

afterEach(() => {
  vi.restoreAllMocks();
});

/** All states of an expert's episode with noise, and the number of steps that bodies were solved in. */
async function play(envId: string, seed: number): Promise<{ states: Float64Array[]; solved: number }> {
  const solving = vi.spyOn(FreeBody.prototype, 'end');
  solving.mockClear();
  const { controlModes, defaultRewardMode } = environmentEntry(envId);
  const environment = await makeEnvironment(envId, {
    controlMode: controlModes[0],
    rewardMode: defaultRewardMode,
  });
  onTestFinished(() => environment.close());
  const { spec } = environment;
  const expert = makeExpert(spec, { seed, actionNoise: 0.2, imperfectShare: 0, speed: 1 });
  const observation = new Float32Array(spec.observationDim);
  const action = new Float32Array(spec.actionDim);
  environment.reset(seed, observation);
  expert.reset(seed);
  const states: Float64Array[] = [];
  for (let step = 0; step < spec.maxEpisodeSteps; step++) {
    expert.act(observation, action);
    environment.step(action, observation);
    const { actors, articulations } = environment.getState();
    states.push(...Object.values(actors), ...Object.values(articulations));
  }
  return { states, solved: solving.mock.calls.length };
}

function solveAlways(): void {
  const { begin } = FixedContacts.prototype;
  vi.spyOn(FixedContacts.prototype, 'begin').mockImplementation(function (this: FixedContacts) {
    this.forget();
    begin.call(this);
  });
}

describe('steps in which bodies rest', () => {
  it.each([
    ['PullCube-v1', 0],
    ['PokeCube-v1', 1],
    ['PullCubeTool-v1', 2],
    ['RollBall-v1', 3],
    ['StackPyramid-v1', 4],
  ])('are played back bit for bit as they are solved, in %s', async (envId, seed) => {
    const played = await play(envId, seed);
    solveAlways();
    const solved = await play(envId, seed);
    expect(played.states).toEqual(solved.states);
    expect(played.solved).toBeLessThan(0.98 * solved.solved);
  });
});

/**
 * A cube rests; then another one is put before it, 0.5 mm away and 3 mm deep in a wall, which throws it at the cube only once
 * the step is under way. Returns the states of both after each step from then on, and how often steps of bodies began in the first.
 */
function throwAtResting(): { states: Float32Array[]; begun: number } {
  const look = { color: 0, roughness: 1 };
  const [resting, thrown] = ['resting', 'thrown'].map(
    (name) => new Actor(name, dynamic(box([HALF, HALF, HALF], look))),
  );
  const wall = new Actor('wall', fixed(box([HALF, HALF, HALF], look)));
  wall.place(WALL_X, 0.4, HALF);
  resting.place(WALL_X - 4 * HALF + 0.0025, 0.4, HALF);
  thrown.place(0, 0.4, HALF);
  const joints = new Joints(PANDA.armBodies, DEFAULT_BASE_POSE);
  joints.reset(PANDA.restQpos);
  const closest = new ClosestPoints();
  onTestFinished(() => closest.free());
  const robot = new RobotShapes(joints, PANDA.handBoxes);
  const scene = new Scene(joints, robot, [resting, thrown, wall], true, 1, closest);
  for (let step = 0; step < 50; step++) scene.step(false);
  const before = resting.state.slice();
  thrown.place(WALL_X - 2 * HALF + 0.003, 0.4, HALF);
  const beginning = vi.spyOn(FreeBody.prototype, 'begin');
  beginning.mockClear();
  scene.step(false);
  const begun = beginning.mock.calls.length;
  expect(resting.state).not.toEqual(before);
  const states = [resting.state.slice(), thrown.state.slice()];
  for (let step = 0; step < 50; step++) {
    scene.step(false);
    states.push(resting.state.slice(), thrown.state.slice());
  }
  return { states, begun };
}

it('a step in which a resting body is pushed late goes on as if it had been solved from the beginning', () => {
  const played = throwAtResting();
  solveAlways();
  const solved = throwAtResting();
  expect(played.states).toEqual(solved.states);
  expect(solved.begun).toBe(2);
  expect(played.begun).toBe(3);
});
