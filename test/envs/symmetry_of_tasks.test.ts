import { describe, expect, it } from 'vitest';
import type { Environment, EnvironmentOptions, EnvironmentState, SceneSymmetry } from '../../envs/env.js';
import { makeExpert } from '../../envs/experts/make_expert.js';
import { environmentEntry, environmentSpec, makeEnvironment, tableTopTasks } from '../../envs/registry.js';
import { Symmetry } from '../../envs/symmetry.js';

const EXPERT = { seed: 1, actionNoise: 0.1, imperfectShare: 0, speed: 1 };
const RADIANS = 0.15;
/** Every so many steps of an episode, a step is made in the other view. */
const STRIDE = 6;
/** Differences of observations after a step: bodies are not quite the same in a mirror, and contacts enlarge what is left. */
const STEP_TOLERANCE = { usual: 0.015, largest: 0.1 };
const REWARD_TOLERANCE = 0.003;

function optionsOf(envId: string): EnvironmentOptions {
  const { rewardModes } = environmentEntry(envId);
  return {
    controlMode: 'pd_joint_delta_pos',
    rewardMode: rewardModes.includes('dense') ? 'dense' : 'sparse',
  };
}

const declared = tableTopTasks().flatMap(({ id: envId }) =>
  environmentSpec(envId, optionsOf(envId)).symmetries.map((symmetry) => [envId, symmetry] as const),
);

describe.each(declared)('%s, seen by a %s', (envId, symmetry) => {
  it('looks, moves and is judged as it was', async () => {
    const environment = await makeEnvironment(envId, optionsOf(envId));
    const view = new View(symmetry, environment);
    const moments = demonstrate(environment);
    const observation = new Float32Array(environment.spec.observationDim);
    const after: number[] = [];
    let judgedOtherwise = 0;
    for (const moment of moments) {
      environment.setState(moment.state);
      const original = { ...environment.step(moment.action, observation) };
      const expected = view.observed(observation);

      environment.setState(view.state(moment.state));
      environment.observe(observation);
      expect(difference(observation, view.observed(moment.observation), environment)).toBeLessThan(2e-5);
      const outcome = environment.step(view.action(moment.action), observation);
      after.push(difference(observation, expected, environment));
      if (
        outcome.success !== original.success ||
        Math.abs(outcome.reward - original.reward) > REWARD_TOLERANCE
      )
        judgedOtherwise++;
    }
    environment.close();
    after.sort((a, b) => a - b);
    expect(after[Math.floor(0.9 * after.length)]).toBeLessThan(STEP_TOLERANCE.usual);
    expect(after.at(-1)).toBeLessThan(STEP_TOLERANCE.largest);
    expect(judgedOtherwise / moments.length).toBeLessThan(0.1);
  });
});

interface Moment {
  state: EnvironmentState;
  observation: Float32Array;
  action: Float32Array;
}

/** Moments of the expert's episodes. */
function demonstrate(environment: Environment): Moment[] {
  const { spec } = environment;
  const expert = makeExpert(spec, EXPERT);
  const [observation, action] = [new Float32Array(spec.observationDim), new Float32Array(spec.actionDim)];
  const moments: Moment[] = [];
  for (const seed of [1, 2]) {
    environment.reset(seed, observation);
    expert.reset(seed);
    for (let step = 0; step < Math.min(100, spec.maxEpisodeSteps); step++) {
      expert.act(observation, action);
      if (step % STRIDE === 0)
        moments.push({
          state: environment.getState(),
          observation: observation.slice(),
          action: action.slice(),
        });
      environment.step(action, observation);
    }
  }
  return moments;
}

/** The other view of states, observations and actions. */
class View {
  private readonly symmetryOf: Symmetry;

  constructor(
    private readonly kind: SceneSymmetry,
    private readonly environment: Environment,
  ) {
    this.symmetryOf = new Symmetry(environment.spec);
  }

  observed(observation: Float32Array): Float32Array {
    const seen = observation.slice();
    if (this.kind === 'mirror') this.symmetryOf.mirrorObservation(seen);
    else this.symmetryOf.turnObservation(seen, RADIANS);
    return seen;
  }

  action(action: Float32Array): Float32Array {
    const seen = action.slice();
    if (this.kind === 'mirror') this.symmetryOf.mirrorAction(seen);
    else expect(this.symmetryOf.turnAction(seen, RADIANS)).toBe(true);
    return seen;
  }

  state(state: EnvironmentState): EnvironmentState {
    const actors = Object.fromEntries(
      Object.entries(state.actors).map(([name, row]) => [
        name,
        name === 'table-workspace' ? row : this.body(row),
      ]),
    );
    const articulations = Object.fromEntries(
      Object.entries(state.articulations).map(([name, row]) => [name, this.robot(row)]),
    );
    return { ...state, actors, articulations };
  }

  /** Position 3, quaternion wxyz 4, linear and angular velocity 3 each. */
  private body(row: Float64Array): Float64Array {
    const [centreX, centreY] = this.environment.spec.symmetryCentre;
    const [px, py, pz, w, x, y, z, vx, vy, vz, ox, oy, oz] = row;
    if (this.kind === 'mirror')
      return Float64Array.of(px, 2 * centreY - py, pz, w, -x, y, -z, vx, -vy, vz, -ox, oy, -oz);
    const [c, s] = [Math.cos(RADIANS), Math.sin(RADIANS)];
    const [ch, sh] = [Math.cos(RADIANS / 2), Math.sin(RADIANS / 2)];
    const turn = (a: number, b: number): [number, number] => [c * a - s * b, s * a + c * b];
    const [dx, dy] = turn(px - centreX, py - centreY);
    return Float64Array.of(
      centreX + dx,
      centreY + dy,
      pz,
      ch * w - sh * z,
      ch * x - sh * y,
      ch * y + sh * x,
      ch * z + sh * w,
      ...turn(vx, vy),
      vz,
      ...turn(ox, oy),
      oz,
    );
  }

  /** Root 13, joint positions 9 and velocities 9. */
  private robot(row: Float64Array): Float64Array {
    const seen = row.slice();
    const [qpos, qvel] = [seen.subarray(13, 22), seen.subarray(22, 31)];
    if (this.kind === 'turn') {
      qpos[0] += RADIANS;
      return seen;
    }
    for (const joint of [0, 2, 4]) qpos[joint] *= -1;
    qpos[6] = Math.PI / 2 - qpos[6];
    for (const joint of [0, 2, 4, 6]) qvel[joint] *= -1;
    for (const fingers of [qpos, qvel]) fingers.subarray(7, 9).reverse();
    return seen;
  }
}

/** The largest difference of two observations, but of velocities. Quaternions of opposite sign are the same rotation. */
function difference(one: Float32Array, other: Float32Array, { spec }: Environment): number {
  let largest = 0;
  for (const { kind, offset, size } of spec.observationLayout) {
    if (kind === 'joint_velocities') continue;
    const quaternion = kind === 'pose' ? offset + 3 : Number.POSITIVE_INFINITY;
    const dot = [0, 1, 2, 3].reduce((sum, i) => sum + one[quaternion + i] * other[quaternion + i], 0);
    for (let i = offset; i < offset + size; i++) {
      const sign = i >= quaternion && dot < 0 ? -1 : 1;
      largest = Math.max(largest, Math.abs(one[i] - sign * other[i]));
    }
  }
  return largest;
}
