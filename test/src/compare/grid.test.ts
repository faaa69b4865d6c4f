import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { comparisonGrid, recipeOf } from '../../../src/compare/grid.js';
import { readComparison } from '../../../src/compare/words.js';
import { ALGORITHM_NAMES } from '../../../src/config/algorithm_sections.js';
import { loadConfig } from '../../../src/config/load.js';
import { UserError } from '../../../src/errors.js';
import { folderOfTest } from '../../temporary_folder.js';

const HOPPER = 'test/fixtures/d4rl/hopper.hdf5';
const PENDULUM = 'test/fixtures/d4rl/pendulum.hdf5';
const UNNAMED = 'test/fixtures/d4rl/pendulum_expert.hdf5';
const grid = (...words: string[]) => comparisonGrid(readComparison(words));

describe('comparisonGrid', () => {
  it('makes a training for each algorithm, dataset and seed, in the environment that the dataset names', async () => {
    const { points } = await grid('algorithms=bc,iql', `datasets=${HOPPER},${PENDULUM}`, 'seeds=3,4');
    expect(points.map(({ name }) => name)).toEqual([
      'bc_hopper_seed-3',
      'iql_hopper_seed-3',
      'bc_pendulum_seed-3',
      'iql_pendulum_seed-3',
      'bc_hopper_seed-4',
      'iql_hopper_seed-4',
      'bc_pendulum_seed-4',
      'iql_pendulum_seed-4',
    ]);
    expect(points.map(({ config }) => config.env.env_id).slice(0, 3)).toEqual([
      'Hopper-v5',
      'Hopper-v5',
      'Pendulum-v1',
    ]);
    for (const { recipe, overrides, config } of points) expect(loadConfig(recipe, overrides)).toEqual(config);
  });

  it('gives all algorithms the same budget, data, view and evaluations, whatever their recipes say', async () => {
    const { points } = await grid(`algorithms=${ALGORITHM_NAMES.join(',')}`, `datasets=${HOPPER}`, 'seeds=0');
    expect(points.length).toBe(ALGORITHM_NAMES.length);
    const shared = points.map(({ config: { train, env, eval_env, network } }) => {
      const { offline_steps, num_demos, discount, eval_freq, eval_episodes } = train;
      const { observations } = network;
      return {
        offline_steps,
        num_demos,
        discount,
        eval_freq,
        eval_episodes,
        env_id: env.env_id,
        eval_env,
        observations,
      };
    });
    for (const settings of shared) expect(settings).toEqual(shared[0]);
    const phases = points.map(({ config }) => config.train.phases.join());
    expect(new Set(phases)).toEqual(new Set(['offline', 'model,offline']));
    expect(phases[points.findIndex(({ config }) => config.algo === 'mopo')]).toBe('model,offline');
    expect(shared[0]).toMatchObject({
      offline_steps: 100_000,
      eval_freq: 5000,
      eval_episodes: 10,
    });
  });

  it('takes what is given instead, and gives options to the algorithms that have them', async () => {
    const words = ['algorithms=bc,iql', `datasets=${HOPPER}`, 'seeds=0'];
    const given = ['train.offline_steps=1_000', 'iql.expectile=0.9', 'network.critic.arch_cfg.features=[8]'];
    const [bc, iql] = (await grid(...words, ...given)).points;
    expect(bc.config.train).toMatchObject({ offline_steps: 1000, eval_freq: 50 });
    expect(bc.overrides.filter((word) => /^(iql|network\.critic)/.test(word))).toEqual([]);
    expect(iql.config).toMatchObject({
      iql: { expectile: 0.9 },
      network: { critic: { arch_cfg: { features: [8] } } },
    });
  });

  it('tells files of one name apart', async () => {
    const folder = folderOfTest();
    copyFileSync(HOPPER, join(folder, 'pendulum.hdf5'));
    const { datasets } = await grid('algorithms=bc', `datasets=${PENDULUM},${folder}/pendulum.hdf5`);
    expect(datasets.map(({ label }) => label)[0]).toBe('test-fixtures-d4rl-pendulum.hdf5');
    expect(new Set(datasets.map(({ label }) => label)).size).toBe(2);
  });

  it.each([
    [[`datasets=none.hdf5`], 'none.hdf5: no such file or folder'],
    [[`datasets=${UNNAMED}`], "doesn't name the environment that it was recorded in"],
    [['datasets=test/fixtures/minari/reach'], "can't be evaluated in: the environments here are"],
    [[`datasets=${HOPPER}`, 'env.env_id=Hoper-v5'], 'did you mean "Hopper-v5"'],
    [[`datasets=${HOPPER}`, 'iql.expectile=0.9'], 'none of the compared algorithms has it (bc)'],
    [[`datasets=${HOPPER}`, 'train.critic_lr=0.1'], 'none of the compared algorithms has it (bc)'],
    [[`datasets=${HOPPER}`, 'train.ofline_steps=3'], 'did you mean "train.offline_steps"'],
  ])('refuses %j', async (words, message) => {
    await expect(grid('algorithms=bc', ...words)).rejects.toThrow(UserError);
    await expect(grid('algorithms=bc', ...words)).rejects.toThrow(message);
  });

  it('evaluates in the environment that is given where the dataset names none', async () => {
    const { datasets } = await grid('algorithms=bc', `datasets=${UNNAMED}`, 'env.env_id=Pendulum-v1');
    expect(datasets).toEqual([{ path: UNNAMED, label: 'pendulum_expert', envId: 'Pendulum-v1' }]);
  });
});

it('an algorithm is trained by its own recipe', () => {
  expect(recipeOf('td3_bc')).toBe('configs/td3_bc.yml');
  expect(recipeOf('rlpd')).toBe('configs/default.yml');
  expect(recipeOf('sac_n')).toBe('configs/sac.yml');
});
