import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeEnvironment } from '../../envs/registry.js';
import { loadDemonstrations } from '../../src/buffers/demo_buffer.js';
import { allocateBatches } from '../../src/buffers/transitions.js';
import { arrayDataset } from '../../src/datasets/array_dataset.js';
import { writeDataset } from '../../src/datasets/conversion/convert.js';
import { DataCollector } from '../../src/datasets/recording/data_collector.js';
import { openDataset, verifyDataset, WRITABLE_FORMATS } from '../../src/datasets/registry.js';
import { problemsOf } from '../../src/datasets/verification.js';
import { combineDatasets } from '../../src/datasets/views/combine.js';
import { wholeEpisode } from '../../src/datasets/whole_episode.js';
import { filesBelow } from '../../src/files/folders.js';
import { WITHOUT_TASK } from '../src/buffers/demo_options.js';
import { fullEpisode } from '../src/datasets/everything.js';
import { folderOfTest } from '../temporary_folder.js';

/** Two episodes: the first terminates, the second is cut off. */
const two = () =>
  arrayDataset([
    {
      observations: [[1], [2], [3]],
      actions: [[0.5], [1]],
      rewards: [0, 1],
      terminated: [0, 1],
      seed: 2n ** 63n - 1n,
    },
    { observations: [[11], [12], [13]], actions: [[0.5], [1]], rewards: [0, 2], truncated: [0, 1] },
  ]);

/** All transitions of one step that are learnt from. */
async function transitionsOf(dataset: Parameters<typeof loadDemonstrations>[0]) {
  const { buffer } = await loadDemonstrations(dataset, WITHOUT_TASK);
  const out = allocateBatches(1, buffer.size, buffer.size, buffer.observationDim, buffer.actionDim);
  buffer.copyInto(
    out,
    0,
    Int32Array.from({ length: buffer.size }, (_, row) => row),
    1,
    0.5,
  );
  return out;
}

it('an interrupted recording loses everything (LeRobot): each finished episode is there before the end', async () => {
  const output = join(folderOfTest(), 'swing-v0');
  const options = { controlMode: 'motor', rewardMode: 'dense', maxEpisodeSteps: 4 } as const;
  const environment = (await DataCollector.create(output)).wrap(
    await makeEnvironment('Pendulum-v1', options),
  );
  const observation = new Float32Array(3);
  environment.reset(1, observation);
  for (let step = 0; step < 4; step++) environment.step(Float32Array.of(1), observation);
  const dataset = await openDataset(`${output}.recording`);
  expect(dataset.head.ids).toHaveLength(1);
  expect((await dataset.episode(0)).length).toBe(4);
});

it('pairs across episodes (D4RL): no next observation is of another episode', async () => {
  const { observations, nextObservations } = await transitionsOf(two());
  expect([...observations].map((from, row) => nextObservations[row] - from)).toEqual([1, 1, 1, 1]);
});

it('timeouts taken for terminals (D4RL, d3rlpy): only what terminated has nothing to be gained', async () => {
  const { discounts } = await transitionsOf(two());
  expect([...discounts]).toEqual([0.5, 0, 0.5, 0.5]);
});

it.each(['minari', 'd4rl', 'robomimic'])(
  'the last observation is lost without a word (d3rlpy): %s keeps it, or the account says so',
  async (name) => {
    const format = WRITABLE_FORMATS.get(name)!;
    const output = join(folderOfTest(), name === 'minari' ? 'two-v0' : 'two.hdf5');
    const { rows } = await writeDataset(two(), format, output);
    const written = await openDataset(output);
    const { hasFinalObservation } = await written.outcome(0);
    written.close();
    const part = rows.find((row) => row.part === 'observation after the last step');
    expect(part?.fate).toBe(hasFinalObservation ? 'kept' : 'lost');
  },
);

it('metadata that contradict the data (Minari): verifying tells', async () => {
  const copy = join(folderOfTest(), 'swing-v0');
  cpSync('test/fixtures/minari/pendulum', copy, { recursive: true });
  const json = join(copy, 'data', 'metadata.json');
  writeFileSync(json, readFileSync(json, 'utf8').replace(/"total_episodes": \d+/, '"total_episodes": 99'));
  expect(problemsOf(await verifyDataset(copy)).join()).toContain('99 episodes');
});

it('no loading without the environment (d3rlpy): the sizes are those of the data', async () => {
  const dataset = await openDataset('test/fixtures/robomimic/low_dim.hdf5');
  const { observationDim, actionDim } = await loadDemonstrations(dataset, WITHOUT_TASK);
  expect(observationDim).toBeGreaterThan(0);
  expect(actionDim).toBeGreaterThan(0);
  dataset.close();
});

it('infos must have the same keys at each step (Minari): steps that lack them are filled, and it is said which', async () => {
  const output = join(folderOfTest(), 'swing-v0');
  const collector = await DataCollector.create(output);
  const options = { controlMode: 'motor', rewardMode: 'dense', maxEpisodeSteps: 2 } as const;
  let step = 0;
  const environment = collector.wrap(await makeEnvironment('Pendulum-v1', options), {
    stepInfos: () => (step++ === 0 ? {} : { force: 1 }),
  });
  const observation = new Float32Array(3);
  environment.reset(1, observation);
  for (let i = 0; i < 2; i++) environment.step(Float32Array.of(1), observation);
  await collector.finish();
  const dataset = await openDataset(output);
  const extras = await (await dataset.episode(0)).extras();
  expect([...extras.get('infos/force')!.data]).toEqual([Number.NaN, 1]);
  expect([...extras.get('infos/force_recorded')!.data]).toEqual([0, 1]);
  dataset.close();
});

/** Two recordings that hold an episode each, with pictures, texts, metadata and a seed of 64 bits. */
async function recordings(): Promise<string[]> {
  const folder = folderOfTest();
  const paths: string[] = [];
  for (const [number, name] of ['a-v0', 'b-v0'].entries()) {
    const collector = await DataCollector.create(join(folder, name));
    collector.append(await wholeEpisode(fullEpisode(number, 3 + number)));
    paths.push(`${collector.output}.recording`);
  }
  return paths;
}

it('merged files with wrong pictures and indices (LeRobot): each episode of both has its own rows', async () => {
  const output = join(folderOfTest(), 'both');
  await combineDatasets(await recordings(), WRITABLE_FORMATS.get('lerobot')!, output);
  const both = await openDataset(output);
  expect(problemsOf(await verifyDataset(output))).toEqual([]);
  for (const number of [0, 1]) {
    const [episode, source] = [await both.episode(number), fullEpisode(number, 3 + number)];
    expect(episode.length).toBe(source.length);
    const pictures = [...episode.observations].find(([name]) => name.includes('camera'))![1];
    expect([...pictures.data].slice(0, 6 * source.length)).toEqual(
      [...source.observations.get('camera')!.data].slice(0, 6 * source.length),
    );
  }
  both.close();
});

it('combine drops seeds and metadata and re-encodes pictures (Minari): all are as they were', async () => {
  const output = join(folderOfTest(), 'both-v0');
  await combineDatasets(await recordings(), WRITABLE_FORMATS.get('minari')!, output);
  const both = await openDataset(output);
  for (const number of [0, 1]) {
    const [episode, source] = [await both.episode(number), fullEpisode(number, 3 + number)];
    expect(episode.seed).toBe(source.seed);
    expect(episode.observations.get('camera')).toEqual(source.observations.get('camera'));
    for (const [name, value] of source.metadata!) expect(episode.metadata!.get(name)).toEqual(value);
  }
  both.close();
});

it('TensorFlow just to read a file (RLDS): the package that reads it depends on none, and needs no build', async () => {
  const dataset = await openDataset('test/fixtures/rlds/point_vector/dense/0.1.0');
  expect((await dataset.episode(0)).length).toBeGreaterThan(0);
  dataset.close();
  // TensorFlow.js learns here; no reader of a dataset may import it.
  const sources = filesBelow('src/datasets').map((path) => readFileSync(join('src/datasets', path), 'utf8'));
  expect(sources.filter((text) => /from '.*tensorflow.*'/.test(text))).toEqual([]);
});
