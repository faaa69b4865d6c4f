import { expect, test } from 'vitest';
import { arrayDataset } from '../../../../src/datasets/array_dataset.js';
import { openDataset } from '../../../../src/datasets/registry.js';
import { chosenColumns } from '../../../../src/datasets/views/chosen_columns.js';
import { loadTransitions } from '../../../../src/library/load_transitions.js';

const RECORDED = arrayDataset(
  [
    {
      observations: {
        state: [
          [1, 2, 3],
          [4, 5, 6],
        ],
        hand: [[7], [8]],
      },
      actions: [[0.5, 3]],
      rewards: [1],
    },
  ],
  { actionBounds: { low: [-1, -9], high: [1, 9] } },
);

test('columns and some of their numbers have new names, in the order of the choice, and are learnt from so', async () => {
  const chosen = chosenColumns(RECORDED, {
    observations: { grip: 'hand', qpos: 'state[1:3]' },
    actions: { arm: '[0:1]' },
  });
  const { observations, actions } = await chosen.episode(0);
  expect([...observations].map(([name, { data }]) => [name, [...data]])).toEqual([
    ['grip', [7, 8]],
    ['qpos', [2, 3, 5, 6]],
  ]);
  expect([...actions.keys()]).toEqual(['arm']);
  expect(chosen.head.declared.get('actions/arm')?.bounds).toEqual({ low: [-1], high: [1] });
  const { buffer, actionScale } = await loadTransitions(chosen);
  expect(actionScale).toBeNull();
  expect(Array.from(buffer.getState().chunks[0].observations.slice(0, 3))).toEqual([7, 2, 3]);
});

test('a part without a choice stays as it is', async () => {
  const { observations } = await chosenColumns(RECORDED, { actions: { arm: '[0:1]' } }).episode(0);
  expect(observations).toEqual((await RECORDED.episode(0)).observations);
});

test('pictures that are not chosen are not in the way', async () => {
  const dataset = await openDataset('test/fixtures/lerobot/images');
  const { observations } = await chosenColumns(dataset, { observations: { s: 'state' } }).episode(0);
  expect([...observations.keys()]).toEqual(['s']);
  dataset.close();
});

test.each([
  [
    'stat',
    'arrays: episode 0 has no "stat" in its observations, which are "state", "hand". Did you mean "state"?',
  ],
  ['state[1:4]', 'arrays: episode 0/observations/state has 3 numbers in a row; [1:4] are not some of them'],
])('%s, which is not there, is refused', async (source, problem) => {
  await expect(chosenColumns(RECORDED, { observations: { a: source } }).episode(0)).rejects.toThrow(problem);
});
