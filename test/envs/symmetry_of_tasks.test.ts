import { describe, expect, it } from 'vitest';
import type { Environment, EnvironmentOptions, EnvironmentState } from '../../envs/env.js';
import { makeExpert } from '../../envs/experts/make_expert.js';
import { environmentEntry, environmentSpec, makeEnvironment, tableTopTasks } from '../../envs/registry.js';
import { differenceSeen, SceneView } from './scene_view.js';

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
    const view = new SceneView(environment.spec, symmetry, RADIANS);
    const moments = demonstrate(environment);
    const observation = new Float32Array(environment.spec.observationDim);
    const after: number[] = [];
    let judgedOtherwise = 0;
    for (const moment of moments) {
      environment.setState(moment.state);
      const original = { ...environment.step(moment.action, observation) };
      const expected = view.observation(observation);

      environment.setState(view.state(moment.state));
      environment.observe(observation);
      expect(
        differenceSeen(observation, view.observation(moment.observation), environment.spec),
      ).toBeLessThan(2e-5);
      const outcome = environment.step(view.action(moment.action), observation);
      after.push(differenceSeen(observation, expected, environment.spec));
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
