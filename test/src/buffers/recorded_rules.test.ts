import { describe, expect, test } from 'vitest';
import { loadDemonstrations } from '../../../src/buffers/demo_buffer.js';
import { allocateBatches } from '../../../src/buffers/transitions.js';
import { type ArrayEpisode, arrayDataset } from '../../../src/datasets/array_dataset.js';
import type { Dataset } from '../../../src/datasets/dataset.js';
import { WITHOUT_TASK } from './demo_options.js';

const TERMINATED: ArrayEpisode = {
  observations: {
    arm: [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
    hand: [7, 8, 9],
  },
  actions: [[0.5], [-0.5]],
  rewards: [0.25, 4],
  terminated: [0, 1],
};
const CUT_OFF: ArrayEpisode = { ...TERMINATED, terminated: [0, 0], truncated: [0, 1] };

function discountsOf(
  buffer: Awaited<ReturnType<typeof loadDemonstrations>>['buffer'],
  nSteps: number,
): number[] {
  const out = allocateBatches(1, buffer.size, buffer.size, buffer.observationDim, buffer.actionDim);
  buffer.copyInto(
    out,
    0,
    Int32Array.from({ length: buffer.size }, (_, row) => row),
    nSteps,
    0.5,
  );
  return [...out.discounts];
}

test('columns are joined in their order, rewards are the recorded ones, whatever the reward mode', async () => {
  const { buffer, observationDim, summary } = await loadDemonstrations(
    arrayDataset([TERMINATED]),
    WITHOUT_TASK,
  );
  expect(observationDim).toBe(3);
  const [{ observations, nextObservations, rewards }] = buffer.getState().chunks;
  expect(observations).toEqual(Float32Array.of(1, 2, 7, 3, 4, 8));
  expect(nextObservations).toEqual(Float32Array.of(3, 4, 8, 5, 6, 9));
  expect(rewards).toEqual(Float32Array.of(0.25, 4));
  expect(summary).toMatchObject({ successes: null, medianFirstSuccess: null, transitions: 2 });
});

test('a termination ends what is to be gained; an episode that was cut off, or is open, does not', async () => {
  const open = { ...TERMINATED, terminated: [0, 0] };
  const { buffer } = await loadDemonstrations(arrayDataset([TERMINATED, CUT_OFF, open]), WITHOUT_TASK);
  expect(discountsOf(buffer, 1)).toEqual([0.5, 0, 0.5, 0.5, 0.5, 0.5]);
  expect(discountsOf(buffer, 2)).toEqual([0, 0, 0.25, 0.5, 0.25, 0.5]);
});

test("columns are joined in the first episode's order, whatever order a later one has them in", async () => {
  const { arm, hand } = TERMINATED.observations as Record<string, number[]>;
  const turned = { ...TERMINATED, observations: { hand, arm } };
  const { buffer } = await loadDemonstrations(arrayDataset([TERMINATED, turned]), WITHOUT_TASK);
  const [{ observations }] = buffer.getState().chunks;
  expect(observations.subarray(6, 12)).toEqual(observations.subarray(0, 6));
});

test('with a task it is said that rewards are as recorded', async () => {
  const task = { envId: 'Reach', controlMode: 'pd', observationDim: 3, actionDim: 1 };
  const { summary } = await loadDemonstrations(arrayDataset([TERMINATED]), { ...WITHOUT_TASK, task });
  expect(summary.notes).toEqual([
    'its rewards are as recorded, whether or not they are those of reward_mode sparse',
  ]);
});

describe('refused before anything is learnt', () => {
  test.each<[string, Partial<ArrayEpisode>, string]>([
    [
      'an episode without a column of the first one',
      { observations: { arm: [1, 2, 3] } },
      'episode 1 has no observations/hand, as the episodes before have',
    ],
    [
      'an episode with a column more',
      { observations: { ...(TERMINATED.observations as object), leg: [1, 2, 3] } },
      'episode 1 has observations/leg, which the episodes before lack',
    ],
    [
      'an episode that ends before its last step',
      { terminated: [1, 0] },
      'episode 1/terminated says that it ended at step 0 of 2, but it goes on: split it there',
    ],
    [
      'an episode that is cut off before its last step',
      { truncated: [true, false] },
      'episode 1/truncated says that it ended at step 0 of 2, but it goes on: split it there',
    ],
    ['a seed that is no whole number', { seed: 1.5 }, 'episode 1 has the seed 1.5; expected a whole number'],
    [
      'a number that float32 can not hold',
      { actions: Float64Array.of(1e300, 0) },
      'episode 1/actions holds 1e+300 at step 0, beyond ±1e+15',
    ],
  ])('%s', (_, change, message) => {
    expect(() => arrayDataset([TERMINATED, { ...TERMINATED, ...change }])).toThrow(message);
  });

  const pictures = { eye: new Uint8Array(3 * 2 * 2), arm: [1, 2, 3] };
  const inParts = async (): Promise<Dataset> => {
    const dataset = arrayDataset([{ ...TERMINATED, observations: pictures }]);
    const episode = await dataset.episode(0);
    const eye = { ...episode.observations.get('eye')!, shape: [3, 2, 2] };
    const observations = new Map([...episode.observations, ['eye', eye]]) as typeof episode.observations;
    return { ...dataset, episode: async () => ({ ...episode, observations }) };
  };

  test('pictures, with the columns there are', async () => {
    await expect(loadDemonstrations(await inParts(), WITHOUT_TASK)).rejects.toThrow(
      'arrays: episode 0/observations/eye holds pictures, which no network here sees yet; its observations are eye uint8 [2, 2], arm float64',
    );
  });

  test('discrete actions', async () => {
    const dataset = arrayDataset([{ ...TERMINATED, actions: Int32Array.of(0, 1) }]);
    await expect(loadDemonstrations(dataset, WITHOUT_TASK)).rejects.toThrow(
      /episode 0\/actions holds discrete actions/,
    );
  });

  test('failures to skip, where success is not known', async () => {
    const dataset = arrayDataset([TERMINATED]);
    await expect(loadDemonstrations(dataset, { ...WITHOUT_TASK, skipFailed: true })).rejects.toThrow(
      "arrays: episode 0 does not say whether it succeeded, so train.skip_failed can't",
    );
  });

  test('other sizes than those of the task', async () => {
    const task = { envId: 'Reach', controlMode: 'pd', observationDim: 4, actionDim: 1 };
    await expect(loadDemonstrations(arrayDataset([TERMINATED]), { ...WITHOUT_TASK, task })).rejects.toThrow(
      'arrays: episode 0: its observations have 3 numbers; Reach has 4',
    );
  });

  test('a column that is declared and not there, or of another width', async () => {
    const dataset = arrayDataset([TERMINATED]);
    const declared = (name: string, shape: number[]) => ({
      ...dataset,
      head: { ...dataset.head, declared: new Map([[name, { dtype: 'float32', shape, bounds: null }]]) },
    });
    await expect(loadDemonstrations(declared('observations/leg', [2]), WITHOUT_TASK)).rejects.toThrow(
      'arrays: episode 0 has no observations/leg, which the metadata declare; it has observations/arm, observations/hand, actions',
    );
    await expect(loadDemonstrations(declared('observations/arm', [4]), WITHOUT_TASK)).rejects.toThrow(
      'arrays: episode 0/observations/arm has rows of [2]; the metadata say [4]',
    );
  });
});

describe('actions with declared bounds', () => {
  const bounded = (low: number[], high: number[]): Dataset => {
    const dataset = arrayDataset([
      {
        ...TERMINATED,
        actions: [
          [2, 0.5],
          [-1, 1],
        ],
      },
    ]);
    const actions = { dtype: 'float32', shape: [2], bounds: { low, high } };
    return { ...dataset, head: { ...dataset.head, declared: new Map([['actions', actions]]) } };
  };

  test('cover the [-1, 1] of a policy if they are around 0, and that is said', async () => {
    const { buffer, actionScale, summary } = await loadDemonstrations(
      bounded([-4, -1], [4, 1]),
      WITHOUT_TASK,
    );
    expect(actionScale).toEqual(Float32Array.of(0.25, 1));
    expect(buffer.getState().chunks[0].actions).toEqual(Float32Array.of(0.5, 0.5, -0.25, 1));
    expect(summary.notes).toEqual([
      "its actions are from -4 to 4; the policy's, in [-1, 1], stand for these",
    ]);
    expect(summary.actionRange.max).toEqual(Float32Array.of(2, 1));
  });

  test.each([
    ['not around 0', [-1, -1], [4, 1]],
    ['infinite', [-Infinity, -1], [Infinity, 1]],
  ])('are refused if they are %s', async (_, low, high) => {
    await expect(loadDemonstrations(bounded(low, high), WITHOUT_TASK)).rejects.toThrow(
      /its actions are from .* to .*, a policy acts in \[-1, 1\], and their bounds are not around 0/,
    );
  });

  test('go with the columns, in whatever order they are declared', async () => {
    const dataset = arrayDataset([
      {
        ...TERMINATED,
        actions: {
          arm: [
            [1, 2],
            [3, 4],
          ],
          hand: [0.5, 0.5],
        },
      },
    ]);
    const bounds = (high: number[]) => ({ low: high.map((value) => -value), high });
    const declared = new Map([
      ['actions/hand', { dtype: 'float64', shape: [], bounds: bounds([0.5]) }],
      ['actions/arm', { dtype: 'float64', shape: [2], bounds: bounds([4, 8]) }],
    ]);
    const declaring = { ...dataset, head: { ...dataset.head, declared } };
    const { actionScale } = await loadDemonstrations(declaring, WITHOUT_TASK);
    expect(actionScale).toEqual(Float32Array.of(0.25, 0.125, 2));
  });

  test('are refused if the data leave them', async () => {
    await expect(loadDemonstrations(bounded([-1, -1], [1, 1]), WITHOUT_TASK)).rejects.toThrow(
      'arrays: number 0 of its actions is from -1 to 2; the metadata say from -1 to 1',
    );
  });

  test('have to be those of the task, if there is one', async () => {
    const task = { envId: 'Reach', controlMode: 'pd', observationDim: 3, actionDim: 2 };
    await expect(loadDemonstrations(bounded([-4, -1], [4, 1]), { ...WITHOUT_TASK, task })).rejects.toThrow(
      'arrays: its actions are from -4 to 4; expected [-1, 1], as Reach takes them',
    );
  });
});
