import { describe, expect, it } from 'vitest';
import { heldBack } from '../../../envs/panda/gripper.js';
import { readPressedPads, stateOf } from '../parity_fixture.js';
import { useDeltaPosEnvironment } from './delta_pos_environment.js';

const LEFT = 7;
const RIGHT = 8;
const IS_GRASPED = 18;

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
    expect(observation[IS_GRASPED] === 1).toBe(steps[steps.length - 1].is_grasped);
  });

  it('were recorded both stopped and gripping', () => {
    const grasps = episodes.map(({ steps }) => steps[steps.length - 1].is_grasped);
    expect(new Set(grasps)).toEqual(new Set([true, false]));
  });
});

describe('heldBack', () => {
  it('pulls less far by what friction takes of the drive, and nowhere if that is all of it', () => {
    expect(heldBack(-0.01, 0.03, 0)).toBeCloseTo(-0.01, 9);
    expect(heldBack(-0.01, 0.03, 15)).toBeCloseTo(0.005, 9);
    expect(heldBack(0.04, 0.03, 4)).toBeCloseTo(0.036, 9);
    expect(heldBack(-0.01, 0.03, 41)).toBe(0.03);
  });
});
