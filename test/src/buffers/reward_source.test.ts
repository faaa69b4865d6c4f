import { describe, expect, test } from 'vitest';
import {
  type Demonstrations,
  type DemoOptions,
  loadDemonstrations,
} from '../../../src/buffers/demo_buffer.js';
import { allocateBatches } from '../../../src/buffers/transitions.js';
import { type ArrayEpisode, arrayDataset } from '../../../src/datasets/array_dataset.js';
import type { Dataset } from '../../../src/datasets/dataset.js';
import { WITHOUT_TASK } from './demo_options.js';

const EPISODE: ArrayEpisode = { observations: [[1], [2], [3]], actions: [[0.5], [-0.5]], rewards: [2, 3] };
const EPISODES = [
  { ...EPISODE, success: [0, 1] },
  { ...EPISODE, success: [1, 0], terminated: [0, 1] },
];

/** A dataset of whose episodes something is forgotten. */
function forgetting(part: 'rewards' | 'success', hasFinalObservation = true): Dataset {
  const dataset = arrayDataset(EPISODES);
  const forget = async (index: number) => {
    const episode = await dataset.episode(index);
    const observations = new Map(
      [...episode.observations].map(([name, column]) => {
        if (hasFinalObservation) return [name, column] as const;
        const data = (column.data as Float64Array).subarray(0, 2);
        return [name, { ...column, shape: [2, 1], data } as typeof column] as const;
      }),
    );
    return { ...episode, observations, hasFinalObservation, [part]: null };
  };
  return { ...dataset, episode: forget, outcome: forget };
}

const load = (dataset: Dataset, options: Partial<DemoOptions>) =>
  loadDemonstrations(dataset, { ...WITHOUT_TASK, ...options });

/** Rewards and discounts of all transitions. */
function transitionsOf({ buffer, observationDim, actionDim }: Demonstrations) {
  const out = allocateBatches(1, buffer.size, buffer.size, observationDim, actionDim);
  buffer.copyInto(
    out,
    0,
    Int32Array.from({ length: buffer.size }, (_, row) => row),
    1,
    0.5,
  );
  return { rewards: [...out.rewards], discounts: [...out.discounts] };
}

describe('rewards of another source', () => {
  test.each([
    ['recorded', [2, 3, 2, 3], [0.5, 0.5, 0.5, 0]],
    ['success_at_end', [0, 1, 0, 0], [0.5, 0, 0.5, 0.5]],
    ['every_end', [0, 1, 0, 1], [0.5, 0, 0.5, 0]],
  ] as const)('%s', async (rewardSource, rewards, discounts) => {
    const demos = await load(arrayDataset(EPISODES), { rewardSource });
    expect(transitionsOf(demos)).toEqual({ rewards, discounts });
    const isTold = demos.summary.notes.some((note) => note.includes(`train.reward_source=${rewardSource}`));
    expect(isTold).toBe(rewardSource !== 'recorded');
  });

  test('are those that the best episodes are chosen by', async () => {
    const demos = await load(arrayDataset(EPISODES.toReversed()), {
      rewardSource: 'success_at_end',
      topShare: 0.5,
    });
    expect(transitionsOf(demos).rewards).toEqual([0, 1]);
  });

  test('need no final observation after the end that they are paid at', async () => {
    const demos = await load(forgetting('rewards', false), { rewardSource: 'every_end' });
    expect(transitionsOf(demos)).toEqual({ rewards: [0, 1, 0, 1], discounts: [0.5, 0, 0.5, 0] });
  });

  test('can not be made of a success that is not known', async () => {
    await expect(load(forgetting('success'), { rewardSource: 'success_at_end' })).rejects.toThrow(
      "arrays: episode 0 does not say whether it succeeded, so train.reward_source=success_at_end can't be",
    );
    await load(forgetting('success'), { rewardSource: 'every_end' });
  });
});

describe('data without rewards', () => {
  test('are refused where these are needed, with the ways to do without', async () => {
    await expect(load(forgetting('rewards'), {})).rejects.toThrow(
      'arrays: episode 0 has no rewards to learn from: algo=bc imitates without any, and train.reward_source=success_at_end ' +
        'or every_end makes some',
    );
  });

  test('can be imitated, which is told', async () => {
    const demos = await load(forgetting('rewards'), { needsRewards: false });
    expect(transitionsOf(demos).rewards).toEqual([0, 0, 0, 0]);
    expect(demos.summary.notes).toContain(
      'it has no rewards: its actions are imitated, whatever came of them',
    );
  });

  test('can not be ranked by them', async () => {
    const ranked = load(forgetting('rewards'), { topShare: 0.5, needsRewards: false });
    await expect(ranked).rejects.toThrow('has no rewards to learn from');
  });
});
