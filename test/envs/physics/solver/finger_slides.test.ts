import { describe, expect, it } from 'vitest';
import { largestDifference, type RecordedEpisode, readClosedFingers, stateOf } from '../../parity_fixture.js';
import { useDeltaPosEnvironment } from '../delta_pos_environment.js';

/** The fingers are closed from this step on. */
const CLOSED = 4;
/** The arm swings in these steps; in others it stays. */
const SWING = { from: 11, to: 21 };

/** Velocities of the joints after a step, [9]. */
interface Velocities {
  ours: number[];
  theirs: number[];
}

const episodes = readClosedFingers();

describe('closed fingers, as in ManiSkill,', () => {
  const environment = useDeltaPosEnvironment();

  function play(episode: RecordedEpisode): Velocities[] {
    const observation = new Float32Array(42);
    environment().resetTo(stateOf(episode), null, observation);
    return episode.steps.map((step, i) => {
      environment().step(Float32Array.from(episode.actions[i]), observation);
      return { ours: [...observation.slice(9, 18)], theirs: step.observation.slice(9, 18) };
    });
  }

  it.each(episodes)('are reported to move, one at −0.0168 m/s, seed $seed', (episode) => {
    play(episode).forEach(({ ours, theirs }, step) => {
      const [fingers, recorded] = [ours, theirs].map((qvel) => qvel.slice(7).toSorted((a, b) => a - b));
      expect(largestDifference(fingers, recorded, 2), `step ${step}`).toBeLessThan(5e-5);
      if (step < CLOSED) return;
      expect(fingers[0]).toBeCloseTo(-0.0168, 3);
      expect(fingers[1]).toBeGreaterThan(-0.005);
    });
  });

  it('are the same ones while the arm swings', () => {
    const swings = episodes.flatMap((episode) => play(episode).slice(SWING.from, SWING.to));
    const same = swings.filter(({ ours, theirs }) => fasterOf(ours) === fasterOf(theirs));
    expect(same.length / swings.length).toBeGreaterThan(0.8);
  });

  it('take turns while the arm stays', () => {
    for (const whose of ['ours', 'theirs'] as const) {
      const changes = episodes.flatMap((episode) => {
        const faster = play(episode)
          .slice(SWING.to + 4)
          .map((velocities) => fasterOf(velocities[whose]));
        return faster.slice(1).map((finger, i) => finger !== faster[i]);
      });
      expect(changes.filter(Boolean).length / changes.length, whose).toBeGreaterThan(0.6);
    }
  });

  it('push the arm as much', () => {
    for (const { ours, theirs } of episodes.flatMap(play))
      if (fasterOf(ours) === fasterOf(theirs)) expect(largestDifference(ours, theirs, 7)).toBeLessThan(2e-5);
  });
});

/** The joint of the finger that is reported to move faster. */
function fasterOf(qvel: readonly number[]): number {
  return qvel[7] < qvel[8] ? 7 : 8;
}
