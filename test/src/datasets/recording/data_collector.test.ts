import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { makeEnvironment } from '../../../../envs/registry.js';
import { episodeDigest } from '../../../../src/datasets/conversion/episode_digest.js';
import { DataCollector } from '../../../../src/datasets/recording/data_collector.js';
import type { RecordedEnvironmentOptions } from '../../../../src/datasets/recording/recorded_environment.js';
import { openDataset } from '../../../../src/datasets/registry.js';
import { wholeEpisode } from '../../../../src/datasets/whole_episode.js';
import { hashSeed, RandomStream } from '../../../../src/rng.js';
import { createVectorEnvironment } from '../../../../src/rollout/create_vector_env.js';
import { folderOfTest } from '../../../temporary_folder.js';
import { fullEpisode } from '../everything.js';

const STEPS = 5;
const OPTIONS = { controlMode: 'motor', rewardMode: 'dense', maxEpisodeSteps: STEPS } as const;

const pendulum = () => makeEnvironment('Pendulum-v1', OPTIONS);

/** Records episodes of the seeds 0, 1, …, with random actions, and gives their observations as they were seen. */
async function record(
  collector: DataCollector,
  episodes: number,
  options: RecordedEnvironmentOptions = {},
  steps = STEPS,
): Promise<Float32Array[]> {
  const environment = collector.wrap(await pendulum(), options);
  const observation = new Float32Array(environment.spec.observationDim);
  const random = new RandomStream(1);
  const seen: Float32Array[] = [];
  for (let seed = 0; seed < episodes; seed++) {
    environment.reset(seed, observation);
    for (let step = 0; step < steps; step++) {
      environment.step(Float32Array.of(random.uniform(-2, 2)), observation);
      seen.push(observation.slice());
    }
  }
  environment.close();
  return seen;
}

it('gives the episodes of an environment, with their seeds, flags and metadata', async () => {
  const output = join(folderOfTest(), 'swing-v0');
  const spec = (await pendulum()).spec;
  const collector = await DataCollector.create(output, {
    spec,
    metadata: { author: ['Ada'], count: 2n ** 62n },
  });
  const seen = await record(collector, 2, {
    stepInfos: ({ reward }) => ({ cost: -reward }),
    episodeMetadata: () => ({ operator: 'Ada' }),
  });
  expect(readdirSync(`${output}.recording`)).toEqual([
    'episode_000000.safetensors',
    'episode_000001.safetensors',
    'recording.json',
  ]);
  expect(await collector.finish()).toMatchObject({ episodes: 2, steps: 2 * STEPS });
  expect(existsSync(`${output}.recording`)).toBe(false);
  const dataset = await openDataset(output);
  const episode = await wholeEpisode(await dataset.episode(1));
  expect(episode).toMatchObject({ seed: 1n, length: STEPS, hasFinalObservation: true });
  expect([...episode.observations.get('')!.data].slice(3)).toEqual(
    seen.slice(STEPS).flatMap((row) => [...row]),
  );
  expect([...episode.truncated]).toEqual([0, 0, 0, 0, 1]);
  expect(episode.metadata.get('operator')).toBe('Ada');
  expect([...episode.extras.get('infos/cost')!.data]).toEqual(
    [...episode.rewards!.data].map((reward) => -Number(reward)),
  );
  expect(dataset.head.envId).toBe('Pendulum-v1');
  expect(dataset.head.metadata?.get('author')).toEqual(['Ada']);
  expect(dataset.head.declared.get('actions')?.bounds).toEqual({ low: [-2], high: [2] });
  dataset.close();
});

it('keeps an episode that is left before its end, as one without an end', async () => {
  const output = join(folderOfTest(), 'swing-v0');
  const collector = await DataCollector.create(output);
  await record(collector, 1, {}, 3);
  const dataset = await openDataset(`${output}.recording`);
  const { length, terminated, truncated } = await dataset.outcome(0);
  expect({ length, ends: [...terminated, ...truncated] }).toEqual({ length: 3, ends: [0, 0, 0, 0, 0, 0] });
});

it('gives back every part of an episode to the bit, before it is finished', async () => {
  const output = join(folderOfTest(), 'full-v0');
  const collector = await DataCollector.create(output);
  const given = await wholeEpisode(fullEpisode(0));
  const bytes = { dtype: 'bytes', shape: [2], data: [Uint8Array.of(1, 2), Uint8Array.of()] } as const;
  const episode = { ...given, extras: new Map([...given.extras, ['infos/raw', bytes]]) };
  collector.append(episode);
  const dataset = await openDataset(`${output}.recording`);
  expect(episodeDigest(await wholeEpisode(await dataset.episode(0)))).toEqual(episodeDigest(episode));
});

it('fills values that some steps lack and says which, and leaves out those of another kind', async () => {
  const output = join(folderOfTest(), 'swing-v0');
  const collector = await DataCollector.create(output);
  let step = 0;
  const infos = [
    { force: 1 },
    { word: 'a' },
    { force: 'strong' },
    { force: 4, tag: 2n ** 70n },
    { at: [1, 2] },
  ];
  await record(collector, 1, { stepInfos: () => infos[step++] as never });
  await collector.finish();
  const dataset = await openDataset(output);
  const { extras, metadata } = await wholeEpisode(await dataset.episode(0));
  expect([...extras.get('infos/force')!.data]).toEqual([1, Number.NaN, Number.NaN, 4, Number.NaN]);
  expect([...extras.get('infos/force_recorded')!.data]).toEqual([1, 0, 0, 1, 0]);
  expect(extras.get('infos/word')!.data).toEqual(['', 'a', '', '', '']);
  expect(extras.get('infos/at')!.shape).toEqual([STEPS, 2]);
  expect(metadata.get('left_out')).toBe('force: string, float64 before; tag: nothing that can be recorded');
  dataset.close();
});

const KILLED = `
  const { DataCollector } = await import(process.argv[1]);
  const { makeEnvironment } = await import(process.argv[2]);
  const environment = await makeEnvironment('Pendulum-v1', ${JSON.stringify(OPTIONS)});
  const collector = await DataCollector.create(process.argv[3], { spec: environment.spec });
  const recorded = collector.wrap(environment);
  const observation = new Float32Array(3);
  for (let seed = 0; ; seed++) {
    recorded.reset(seed, observation);
    for (let step = 0; step < ${STEPS}; step++) recorded.step(Float32Array.of(0.5), observation);
    if (seed % 10 === 9) process.stdout.write(String(seed + 1) + '\\n');
  }`;

it('keeps all finished episodes of a program that is killed', async () => {
  const output = join(folderOfTest(), 'swing-v0');
  const modules = ['dist/src/datasets/index.js', 'dist/envs/index.js'].map((path) => resolve(path));
  const words = ['--input-type=module', '--eval', KILLED, ...modules, output];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  let finished = 0;
  for await (const lines of child.stdout) {
    finished = Number(String(lines).trim().split('\n').at(-1));
    if (finished >= 20) break;
  }
  child.kill('SIGKILL');
  await once(child, 'exit');
  const dataset = await openDataset(`${output}.recording`);
  expect(dataset.head.ids.length).toBeGreaterThanOrEqual(finished);
  for await (const { length, truncated } of dataset.episodes()) {
    expect({ length, end: truncated.at(-1) }).toEqual({ length: STEPS, end: 1 });
  }
  await expect(DataCollector.create(output)).rejects.toThrow(`data repair ${output}.recording`);
});

it('keeps the episodes where the format refuses them, and says where they are', async () => {
  const output = join(folderOfTest(), 'full.hdf5');
  const collector = await DataCollector.create(output, { format: 'd4rl' });
  collector.append(await wholeEpisode(fullEpisode(0)));
  await expect(collector.finish()).rejects.toThrow(`all 1 episodes are in ${output}.recording`);
  expect(existsSync(join(`${output}.recording`, 'episode_000000.safetensors'))).toBe(true);
  expect(existsSync(output)).toBe(false);
});

it('writes nothing where there was no episode, and refuses what it could not write in the end', async () => {
  const folder = folderOfTest();
  const output = join(folder, 'swing-v0');
  const collector = await DataCollector.create(output);
  expect(await collector.finish()).toBeNull();
  expect(readdirSync(folder)).toEqual([]);
  await expect(DataCollector.create(join(folder, 'swing'))).rejects.toThrow('ends in its version');
  await expect(DataCollector.create(output, { format: 'npz' })).rejects.toThrow('"npz" is no format');
  writeFileSync(output, '');
  await expect(DataCollector.create(output)).rejects.toThrow('exists already');
});

it('refuses a damaged file of an episode by its name, whatever is wrong with it', async () => {
  const output = join(folderOfTest(), 'full-v0');
  const collector = await DataCollector.create(output);
  collector.append(await wholeEpisode(fullEpisode(0)));
  const file = join(`${output}.recording`, 'episode_000000.safetensors');
  const whole = readFileSync(file);
  const random = new RandomStream(1);
  for (let attempt = 0; attempt < 300; attempt++) {
    const damaged = Buffer.from(whole);
    for (let i = 0; i < 3; i++)
      damaged[Math.floor(random.uniform(0, 400))] = Math.floor(random.uniform(0, 256));
    writeFileSync(file, damaged);
    const dataset = await openDataset(`${output}.recording`);
    await dataset.episode(0).catch((error: Error) => expect(error.message).toContain(file));
  }
  writeFileSync(file, whole);
  truncateSync(file, whole.length - 1);
  await expect((await openDataset(`${output}.recording`)).episode(0)).rejects.toThrow('cut off');
});

it('records many environments, which do the same to the bit as without it', async () => {
  const output = join(folderOfTest(), 'swing-v0');
  const make = () =>
    createVectorEnvironment({
      ...OPTIONS,
      envId: 'Pendulum-v1',
      numEnvs: 3,
      numWorkers: 0,
      seed: 7,
      ignoreTerminations: true,
    });
  const collector = await DataCollector.create(output);
  const [plain, recorded] = [await make(), collector.wrapAll(await make(), { seed: 7, episodes: 5 })];
  for (const environments of [plain, recorded]) await environments.reset();
  const random = new RandomStream(2);
  const actions = new Float32Array(3);
  for (let step = 0; step < 2 * STEPS; step++) {
    random.fillUniform(actions, -2, 2);
    await Promise.all([plain.step(actions), recorded.step(actions)]);
    expect(recorded.observations).toEqual(plain.observations);
    expect(recorded.rewards).toEqual(plain.rewards);
  }
  expect(recorded.progress()).toEqual(plain.progress());
  await recorded.restore(recorded.progress());
  await Promise.all([plain.close(), recorded.close()]);
  await collector.finish();
  const dataset = await openDataset(output);
  const seeds: (bigint | null)[] = [];
  for await (const { seed } of dataset.episodes()) seeds.push(seed);
  expect(seeds).toEqual([0, 1, 2, 3, 4].map((number) => BigInt(hashSeed(7, number))));
  dataset.close();
});
