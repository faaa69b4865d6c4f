import { expect, it } from 'vitest';
import { validateConfig } from '../../../../src/config/load.js';
import { horizonNotes } from '../../../../src/training/dataset/horizon_notes.js';

const notes = (longest: number, settings: object) =>
  horizonNotes({ longest, medianFirstSuccess: 70 }, validateConfig({ env: settings }, 'a test'));

it('says which keys give a policy as long as demonstrations take that are longer than the horizon', () => {
  expect(notes(80, { env_id: 'PickCube-v1' })).toEqual([
    "its episodes have up to 80 steps, with the first success at step 70 (median), and the policy's end after " +
      'env.max_episode_steps=50: it must be quicker, or be given as long by ' +
      'env.max_episode_steps=80 eval_env.max_episode_steps=80',
  ]);
});

it('says nothing where they fit', () => {
  expect(notes(50, { env_id: 'PickCube-v1' })).toEqual([]);
  expect(notes(80, { env_id: 'PickCube-v1', max_episode_steps: 80 })).toEqual([]);
});
