import { expect, test } from 'vitest';
import { distribution, EpisodeAccumulator, summariseEpisodes } from '../../../src/rollout/episode_stats.js';

function step(
  rewards: number[],
  successes: number[],
  ends: Partial<Record<'terminated' | 'truncated', number[]>>,
) {
  const none = rewards.map(() => 0);
  return {
    rewards: Float32Array.from(rewards),
    successes: Uint8Array.from(successes),
    terminated: Uint8Array.from(ends.terminated ?? none),
    truncated: Uint8Array.from(ends.truncated ?? none),
  };
}

test('episodes are added up separately and start afresh', () => {
  const accumulator = new EpisodeAccumulator(2);
  expect(accumulator.add(step([1, 10], [0, 0], {}))).toEqual([]);
  expect(accumulator.add(step([2, 20], [1, 0], { terminated: [0, 1] }))).toEqual([
    {
      env: 1,
      return: 30,
      reward: 15,
      length: 2,
      successOnce: false,
      successAtEnd: false,
      firstSuccessStep: null,
    },
  ]);
  expect(accumulator.add(step([3, 40], [0, 1], { truncated: [1, 1] }))).toEqual([
    { env: 0, return: 6, reward: 2, length: 3, successOnce: true, successAtEnd: false, firstSuccessStep: 2 },
    { env: 1, return: 40, reward: 40, length: 1, successOnce: true, successAtEnd: true, firstSuccessStep: 1 },
  ]);
});

test('running episodes can be saved and restored', () => {
  const [original, restored] = [new EpisodeAccumulator(1), new EpisodeAccumulator(1)];
  original.add(step([1], [1], {}));
  restored.setState(original.getState());
  const last = step([2], [0], { truncated: [1] });
  expect(restored.add(last)).toEqual(original.add(last));
});

test('summaries tell success once from success at the end', () => {
  const episode = {
    env: 0,
    return: 4,
    reward: 2,
    length: 2,
    successOnce: true,
    successAtEnd: true,
    firstSuccessStep: 1,
  };
  const summary = summariseEpisodes([
    episode,
    { ...episode, return: 8, successAtEnd: false, firstSuccessStep: 2 },
    { ...episode, return: 0, successOnce: false, successAtEnd: false, firstSuccessStep: null },
  ]);
  expect(summary).toMatchObject({ episodes: 3, success_once: 2 / 3, success_at_end: 1 / 3 });
  expect(summary.return).toMatchObject({ mean: 4, median: 4, min: 0, max: 8 });
  expect(summary.first_success_step).toMatchObject({ mean: 1.5, max: 2 });
});

test('distributions', () => {
  expect(distribution([4, 1, 3, 2])).toEqual({
    mean: 2.5,
    median: 2.5,
    std: Math.sqrt(1.25),
    min: 1,
    max: 4,
  });
  expect(distribution([5, 1, 9]).median).toBe(5);
  expect(distribution([]).mean).toBeNaN();
});
