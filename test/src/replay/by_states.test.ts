import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderOfTests } from '../../temporary_folder.js';
import { demoFixture } from '../datasets/formats/maniskill/fixtures.js';
import { readAll, replay } from './support.js';

const folder = folderOfTests();
const IS_GRASPED = 18;

test.each(['pick_cube', 'pick_cube_ee'])('%s by its states is what ManiSkill recorded', async (name) => {
  const output = join(folder, `${name}.h5`);
  const { result } = await replay(demoFixture(name), { useEnvStates: true, output });
  const [recorded, replayed] = [await readAll(demoFixture(name)), await readAll(output)];
  expect(result.succeeded).toBe(recorded.length);
  expect(result.error!.arm.max).toBe(0);
  recorded.forEach((episode, i) => {
    const again = replayed[i];
    // At the start, is_grasped is left over from the episode before in ManiSkill.
    again.observations[IS_GRASPED] = episode.observations[IS_GRASPED];
    expectSame(again.observations, episode.observations);
    expectSame(again.rewards!, episode.rewards!);
    for (const kind of ['actors', 'articulations'] as const) {
      for (const [part, states] of Object.entries(episode.envStates![kind])) {
        expectSame(again.envStates![kind][part], states);
      }
    }
    const keys = ['episodeId', 'seed', 'actions', 'success', 'terminated', 'truncated'] as const;
    for (const key of keys) expect(again[key], key).toEqual(episode[key]);
  });
});

test('a recording without observations gets them', async () => {
  const output = join(folder, 'raw.h5');
  await replay(demoFixture('pick_cube_raw'), { useEnvStates: true, output });
  const [{ observations, envStates, success, length }] = await readAll(output);
  expect(observations).toHaveLength((length + 1) * 42);
  expect(observations.slice(0, 9)).toEqual(envStates!.articulations.panda.slice(13, 22));
  expect(success.at(-1)).toBe(1);
});

test('with observations left out, the output can be replayed again', async () => {
  const output = join(folder, 'none.h5');
  await replay(demoFixture('pick_cube'), { useEnvStates: true, obsMode: 'none', output });
  await expect(readAll(output)).rejects.toThrow(/holds no observations/);
  const again = join(folder, 'again.h5');
  const { result } = await replay(output, {
    useEnvStates: true,
    obsMode: null,
    recordRewards: false,
    output: again,
  });
  expect(result.plan.obsMode).toBe('none');
  expect(result.kept).toBe(3);
});

function expectSame(a: Float32Array, b: Float32Array): void {
  expect(a.length).toBe(b.length);
  expect(a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i])), 0)).toBeLessThan(1e-6);
}
