import {
  appendFileSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { NEVER_STOP } from '../../../../src/stop_signal.js';
import {
  confirmDatasets,
  identifyDatasets,
  recordDatasets,
} from '../../../../src/training/dataset/dataset_record.js';
import { withDatasetEverywhere } from '../../../../src/training/dataset/run_dataset.js';
import { createRunFolder, type RunFolder, runFolderAt } from '../../../../src/training/folder/run_folder.js';
import { readStatus } from '../../../../src/training/folder/run_status.js';
import { train } from '../../../../src/training/train.js';
import { folderOfTest } from '../../../temporary_folder.js';
import { latest, silentDisplay, tinyConfig } from '../tiny_run.js';

let workspace: string;
let dataset: string;
beforeEach(() => {
  workspace = folderOfTest();
  dataset = join(workspace, 'demos.h5');
  copyFixture('pick_cube', dataset);
});

function copyFixture(name: string, path: string): void {
  for (const ending of ['.h5', '.json']) {
    copyFileSync(`test/fixtures/demos/${name}${ending}`, path.replace('.h5', ending));
  }
}

describe('a run that has learnt from a dataset', () => {
  let folder: RunFolder;
  beforeEach(async () => {
    folder = runFolderAt(join(workspace, 'run'));
    mkdirSync(folder.path);
    await recordDatasets(folder, await identifyDatasets([dataset]));
  });

  const notes: string[] = [];
  const note = (text: string) => notes.push(text);
  const STRICT = { isMadeAgain: false, allowChanged: false, note };
  const confirm = (options = STRICT, path = dataset) => confirmDatasets([path], folder, options);
  const remember = async () => recordDatasets(folder, await confirm({ ...STRICT, allowChanged: true }));

  it('goes on with the same contents, wherever they lie', async () => {
    const moved = join(workspace, 'moved.h5');
    copyFixture('pick_cube', moved);
    expect((await confirm(STRICT, moved))[0].path).toBe(moved);
    expect(notes).toEqual([]);
  });

  it.each(['h5', 'json'])('does not with another .%s, unless that is allowed', async (kind) => {
    appendFileSync(dataset.replace('h5', kind), ' ');
    const problem = new RegExp(
      `demos.h5 is not what .*run has learnt from: the .${kind} has SHA-256 [0-9a-f]{12}…, not`,
    );
    await expect(confirm()).rejects.toThrow(problem);
    await expect(confirm()).rejects.toThrow('--allow-changed-dataset');
    await remember();
    expect(notes.splice(0).join()).toMatch(/is not what .* going on with it, as allowed/);
    await confirm();
    expect(notes).toEqual([]);
  });

  it('names the first files of many that have changed, also those that are gone', async () => {
    const many = join(workspace, 'many');
    cpSync('test/fixtures/minari/pendulum_arrow', many, { recursive: true });
    await recordDatasets(folder, await identifyDatasets([many]));
    await confirm(STRICT, many);
    rmSync(join(many, 'data/0'), { recursive: true });
    await expect(confirm(STRICT, many)).rejects.toThrow(
      /learnt from: 0\/metadata\.json has SHA-256 none, not [0-9a-f]{12}…; 0\/part-0\.arrow has SHA-256 none, not/,
    );
    for (const episode of [1, 2]) rmSync(join(many, `data/${episode}`), { recursive: true });
    await expect(confirm(STRICT, many)).rejects.toThrow('; and 3 more files. Bring back');
  });

  it('says which file it was if another is given', async () => {
    const other = join(workspace, 'other.h5');
    copyFixture('pick_cube_failures', other);
    await expect(confirm(STRICT, other)).rejects.toThrow(
      `other.h5 is not what ${folder.path} has learnt from, ${dataset}`,
    );
  });

  it('may have made its demonstrations again, which then have other times in them', async () => {
    appendFileSync(dataset, ' ');
    await confirm({ ...STRICT, isMadeAgain: true });
    appendFileSync(dataset.replace('h5', 'json'), ' ');
    await expect(confirm({ ...STRICT, isMadeAgain: true })).rejects.toThrow('the .json has');
  });

  it('asks where the file is now', async () => {
    rmSync(dataset);
    await expect(confirm()).rejects.toThrow(/is not there: bring it back, or .* train\.dataset_path=/);
  });

  it('goes on with what there is if an earlier version began it, and says so', async () => {
    rmSync(folder.datasetRecordPath);
    await confirm();
    expect(notes.splice(0)).toEqual([
      `it is not recorded which dataset the run began with: going on with ${dataset} as it is`,
    ]);
    writeFileSync(folder.datasetRecordPath, '{}');
    await expect(confirm()).rejects.toThrow('dataset.json is damaged');
  });
});

it('a dataset that a run is given means the same file in whatever folder it goes on', async () => {
  const pathOf = async (word: string) =>
    (await withDatasetEverywhere(tinyConfig(workspace, [`train.dataset_path=${word}`]))).train.dataset_path;
  expect(await pathOf('a/b.h5')).toBe(join(process.cwd(), 'a/b.h5'));
  expect(await pathOf('/a/b.h5')).toBe('/a/b.h5');
  expect(await pathOf('~/b.h5')).toMatch(/^\/.*\/b\.h5$/);
  expect(await pathOf('null')).toBeNull();
});

it('a run keeps its action scale when its dataset is replaced, and changes nothing unless that is allowed', async () => {
  const words = [
    'train.data_action_scale=2',
    'train.augment_mirror=False',
    'train.augment_turn=0',
    'train.steps=40',
  ];
  const config = tinyConfig(workspace, [...words, `train.dataset_path=${dataset}`]);
  const folder = await createRunFolder(config);
  await train(config, folder, null, silentDisplay(), NEVER_STOP);
  const before = await latest(folder);
  expect(JSON.parse(readFileSync(folder.datasetRecordPath, 'utf8')).path).toBe(dataset);

  copyFixture('pick_cube_failures', dataset);
  const longer = { ...config, train: { ...config.train, steps: 80 } };
  const goOn = (options = {}) => train(longer, folder, before, silentDisplay(), NEVER_STOP, options);
  await expect(goOn()).rejects.toThrow('is not what');
  expect(readStatus(folder)?.state).toBe('finished');
  expect((await latest(folder)).hash).toBe(before.hash);

  expect(await goOn({ allowChangedDataset: true })).toBe(true);
  const after = await latest(folder);
  expect(after.progress.envSteps).toBe(80);
  expect(after.actionScale).toEqual(before.actionScale);
  await train(
    { ...config, train: { ...config.train, steps: 88 } },
    folder,
    after,
    silentDisplay(),
    NEVER_STOP,
  );
});

it('a run makes demonstrations of its own again if they were removed', async () => {
  const config = tinyConfig(workspace, ['train.dataset_path=null', 'train.num_demos=2', 'train.steps=8']);
  const folder = await createRunFolder(config);
  await train(config, folder, null, silentDisplay(), NEVER_STOP);
  rmSync(folder.demosPath, { recursive: true });
  const longer = { ...config, train: { ...config.train, steps: 16 } };
  expect(await train(longer, folder, await latest(folder), silentDisplay(), NEVER_STOP)).toBe(true);
  expect(existsSync(folder.demosPath)).toBe(true);
});
