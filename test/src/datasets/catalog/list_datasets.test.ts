import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { loadConfig } from '../../../../src/config/load.js';
import { datasetRoots } from '../../../../src/datasets/catalog/dataset_roots.js';
import { listDatasets, listFolderDatasets } from '../../../../src/datasets/catalog/list_datasets.js';
import { locateDataset, openDataset } from '../../../../src/datasets/registry.js';
import { checkDataset, withDatasetEverywhere } from '../../../../src/training/dataset/run_dataset.js';
import { folderOfTest } from '../../../temporary_folder.js';

let folder: string;
beforeEach(() => {
  folder = folderOfTest();
  vi.stubEnv('HOME', folder);
  for (const name of [
    'MINARI_DATASETS_PATH',
    'MS_ASSET_DIR',
    'TFDS_DATA_DIR',
    'HF_LEROBOT_HOME',
    'HF_HOME',
  ]) {
    vi.stubEnv(name, '');
  }
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const keep = (fixture: string, place: string) =>
  cpSync(join('test/fixtures', fixture), join(folder, place), { recursive: true });

it('programs keep datasets where their environment variables say', () => {
  const folders = () => datasetRoots().map((root) => root.folder.replace(folder, '~'));
  expect(folders()).toEqual([
    '~/.rlpd',
    '~/.minari/datasets',
    '~/.maniskill/demos',
    '~/tensorflow_datasets',
    '~/.cache/huggingface/lerobot',
  ]);
  vi.stubEnv('MINARI_DATASETS_PATH', '/a');
  vi.stubEnv('MS_ASSET_DIR', '~/b');
  vi.stubEnv('TFDS_DATA_DIR', '/c');
  vi.stubEnv('HF_HOME', '/d');
  expect(folders()).toEqual(['~/.rlpd', '/a', '~/b/demos', '/c', '/d/lerobot']);
  vi.stubEnv('HF_LEROBOT_HOME', '/e');
  expect(folders().at(-1)).toBe('/e');
});

it('datasets are found below the folders that there are, with their formats, episodes and sizes', async () => {
  keep('minari/pendulum', '.minari/datasets/pendulum/expert-v1');
  keep('demos/pick_cube.h5', '.maniskill/demos/PickCube-v1/rl/all.h5');
  keep('demos/pick_cube.json', '.maniskill/demos/PickCube-v1/rl/all.json');
  keep('demos/pick_cube.h5', '.maniskill/demos/PickCube-v1/broken.h5');
  keep('lerobot/state_only', '.cache/huggingface/lerobot/me/pick');
  writeFileSync(join(folder, '.minari/datasets/notes.txt'), '');
  symlinkSync(folder, join(folder, '.minari/datasets/loop'));
  const roots = await listDatasets();
  expect(roots.map(({ name, datasets }) => [name, datasets.map(({ id }) => id)])).toEqual([
    ['Minari', ['pendulum/expert-v1']],
    ['ManiSkill', ['PickCube-v1/broken.h5', 'PickCube-v1/rl/all.h5']],
    ['LeRobot', ['me/pick']],
  ]);
  const [minari, [broken, whole]] = [roots[0].datasets[0], roots[1].datasets];
  expect(minari).toMatchObject({ format: 'Minari', episodes: 6, problem: null });
  expect(minari.bytes).toBeGreaterThan(10_000);
  expect(whole).toMatchObject({ format: 'ManiSkill', episodes: 3, problem: null });
  expect(broken).toMatchObject({ episodes: null, problem: expect.stringContaining('broken.json') });
  expect((await listFolderDatasets(join(folder, '.maniskill'))).map(({ id }) => id)).toContain(
    'demos/PickCube-v1/rl/all.h5',
  );
  await expect(listFolderDatasets(join(folder, 'nowhere'))).rejects.toThrow('no such folder');
});

it('an id is taken for a path everywhere, also by a training, which records the path', async () => {
  keep('minari/pendulum', '.minari/datasets/pendulum/expert-v1');
  const path = join(folder, '.minari/datasets/pendulum/expert-v1');
  expect(await locateDataset('pendulum/expert-v1')).toBe(path);
  const dataset = await openDataset('pendulum/expert-v1');
  expect(dataset.head.path).toBe(path);
  dataset.close();
  const words = ['env.env_id=None', 'network.observations=None', 'train.dataset_path=pendulum/expert-v1'];
  const config = loadConfig('configs/iql.yml', words);
  await checkDataset(config);
  expect((await withDatasetEverywhere(config)).train.dataset_path).toBe(path);
});

it('an id that means several is refused with all of them, and what is there is no id', async () => {
  keep('minari/pendulum', '.minari/datasets/pick-v0');
  keep('minari/pendulum', '.rlpd/pick-v0');
  await expect(openDataset('pick-v0')).rejects.toThrow(
    `pick-v0 may be ${join(folder, '.rlpd/pick-v0')} or ${join(folder, '.minari/datasets/pick-v0')}: give the path`,
  );
  expect(await locateDataset('test/fixtures/minari/pendulum')).toBe('test/fixtures/minari/pendulum');
});

it('no id leads out of the folders of datasets', async () => {
  mkdirSync(join(folder, '.minari/datasets'), { recursive: true });
  keep('minari/pendulum', '.minari/secret-v0');
  keep('minari/pendulum', '.minari/datasets/pick-v0');
  for (const id of ['../secret-v0', 'a/../../secret-v0', './pick-v0', join(folder, 'pick-v0'), '.', '']) {
    expect(await locateDataset(id)).toBe(id);
  }
});
