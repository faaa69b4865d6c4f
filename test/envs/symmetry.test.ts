import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Environment } from '../../envs/env.js';
import { makeExpert } from '../../envs/experts/make_expert.js';
import { RandomStream } from '../../envs/random.js';
import { makeEnvironment } from '../../envs/registry.js';
import { Symmetry } from '../../envs/symmetry.js';
import { differenceSeen, SceneView } from './scene_view.js';

const EXPERT = { seed: 1, actionNoise: 0.1, imperfectShare: 0, speed: 1 };
/**
 * Tolerance once the gripper closes, metres and radians: contacts enlarge the differences of the two places, and the pad
 * that counts first is not mirrored.
 */
const GRIPPING = 2e-2;

let environment: Environment;
let symmetry: Symmetry;
async function open(controlMode: string): Promise<void> {
  environment = await makeEnvironment('PickCube-v1', { controlMode, rewardMode: 'sparse' });
  symmetry = new Symmetry(environment.spec);
}
beforeAll(() => open('pd_joint_delta_pos'));
afterAll(() => environment.close());

const mirrored = (): SceneView => new SceneView(environment.spec, 'mirror');
const turned = (radians: number): SceneView => new SceneView(environment.spec, 'turn', radians);
const distance = (one: Float32Array, other: Float32Array) => differenceSeen(one, other, environment.spec);

interface Episode {
  observations: Float32Array[];
  actions: Float32Array[];
}

/**
 * Plays the mirrored or turned episode of `seed`. Before each step, `visit` gets the difference between its
 * observation and the original one, mirrored or turned.
 */
function playSeen(
  view: SceneView,
  seed: number,
  { observations, actions }: Episode,
  visit: (difference: number, step: number) => void,
): void {
  const observation = new Float32Array(42);
  environment.reset(seed, observation);
  environment.setState(view.state(environment.getState()));
  environment.observe(observation);
  observations.forEach((original, step) => {
    visit(distance(observation, view.observation(original)), step);
    environment.step(view.action(actions[step]), observation);
  });
}

/** The observations and actions of an expert's episode. */
function demonstrate(seed: number): Episode {
  const expert = makeExpert(environment.spec, EXPERT);
  const observation = new Float32Array(42);
  const action = new Float32Array(8);
  const episode: Episode = { observations: [], actions: [] };
  environment.reset(seed, observation);
  expert.reset(seed);
  for (let step = 0; step < 30; step++) {
    episode.observations.push(observation.slice());
    expert.act(observation, action);
    episode.actions.push(action.slice());
    environment.step(action, observation);
  }
  return episode;
}

describe.each([
  // The links' masses are not quite those of their mirror images.
  ['in a mirror', mirrored, 2e-3],
  ['turned to the left', () => turned(0.2), 1e-4],
  ['turned to the right', () => turned(-0.13), 1e-4],
])('an episode %s', (_, viewOf, tolerance) => {
  it('goes as it went where it was seen', () => {
    const view = viewOf();
    for (let seed = 0; seed < 5; seed++) {
      const episode = demonstrate(seed);
      let [isClosing, isHeld] = [false, false];
      playSeen(view, seed, episode, (difference, step) => {
        isHeld ||= episode.observations[step][18] === 1;
        expect(difference).toBeLessThan(isClosing ? GRIPPING : tolerance);
        isClosing ||= episode.actions[step][7] < 0;
      });
      expect(isHeld).toBe(true);
    }
  });
});

describe('Symmetry', () => {
  it('undoes itself', () => {
    const { observations, actions } = demonstrate(3);
    const [observation, action] = [observations[20].slice(), actions[20].slice()];
    symmetry.mirrorObservation(observation);
    symmetry.mirrorAction(action);
    expect(distance(observation, observations[20])).toBeGreaterThan(0.01);
    symmetry.mirrorObservation(observation);
    symmetry.mirrorAction(action);
    expect(distance(observation, observations[20])).toBeLessThan(1e-6);
    expect(action).toEqual(actions[20]);
    symmetry.turnObservation(observation, 0.3);
    expect(distance(observation, observations[20])).toBeGreaterThan(0.1);
    symmetry.turnObservation(observation, -0.3);
    expect(distance(observation, observations[20])).toBeLessThan(1e-6);
  });

  it('mirrors velocities as it does positions', () => {
    const observation = Float32Array.from({ length: 42 }, (_, i) => i);
    symmetry.mirrorObservation(observation);
    expect([...observation.subarray(9, 18)]).toEqual([-9, 10, -11, 12, -13, 14, -15, 17, 16]);
  });

  it('refuses control modes and tasks of which it does not know', async () => {
    const { spec } = environment;
    expect(() => new Symmetry({ ...spec, symmetries: [] })).toThrow('PickCube-v1 is not the same');
    expect(() => new Symmetry({ ...spec, controlMode: 'pd_joint_pos' })).toThrow(
      'actions in pd_joint_pos look in a mirror or turned, only in pd_joint_delta_pos, pd_ee_delta_pos',
    );
  });
});

describe.each([
  ['pd_ee_delta_pos', 'in a mirror', mirrored],
  ['pd_ee_delta_pos', 'turned', () => turned(0.2)],
  ['pd_ee_delta_pose', 'in a mirror', mirrored],
  ['pd_ee_delta_pose', 'turned', () => turned(-0.2)],
])('an episode in %s %s', (controlMode, _, viewOf) => {
  beforeAll(async () => {
    environment.close();
    await open(controlMode);
  });

  it('goes as it went where it was seen', () => {
    const view = viewOf();
    for (let seed = 0; seed < 5; seed++) {
      playSeen(view, seed, wander(seed), (difference, step) => {
        expect(difference, `step ${step}`).toBeLessThan(5e-3);
      });
    }
  });

  it('has no place for an action that the robot could not do there', () => {
    const action = new Float32Array(environment.spec.actionDim).fill(1);
    expect(symmetry.turnAction(action, 0.1)).toBe(false);
    expect(action.every((part) => part === 1)).toBe(true);
    action.fill(0.5);
    expect(symmetry.turnAction(action, Math.PI / 2)).toBe(true);
    expect(action[0]).toBeCloseTo(-0.5, 6);
    expect(action[1]).toBeCloseTo(0.5, 6);
  });
});

/** The observations and actions of an episode that moves about above the table, in an end-effector control mode. */
function wander(seed: number): Episode {
  const random = new RandomStream(seed);
  const { actionDim } = environment.spec;
  const observation = new Float32Array(42);
  const episode: Episode = { observations: [], actions: [] };
  environment.reset(seed, observation);
  const drift = new Float32Array(actionDim);
  random.fillUniform(drift, -0.5, 0.5);
  for (let step = 0; step < 8; step++) {
    const action = new Float32Array(actionDim);
    random.fillUniform(action, -0.2, 0.2);
    for (let i = 0; i < actionDim; i++) action[i] += drift[i];
    action[2] = 0.1;
    episode.observations.push(observation.slice());
    episode.actions.push(action);
    environment.step(action, observation);
  }
  return episode;
}
