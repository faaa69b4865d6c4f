import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeEnvironment } from '../../../envs/registry.js';
import { ManiSkillDataset } from '../../../src/datasets/formats/maniskill/reader.js';
import { type MakeDemosOptions, makeDemos } from '../../../src/demonstrations/make_demos.js';
import { folderOfTests } from '../../temporary_folder.js';

const folder = folderOfTests();

const OPTIONS: MakeDemosOptions = {
  envId: 'PickCube-v1',
  controlMode: 'pd_joint_delta_pos',
  rewardMode: 'normalized_dense' as const,
  numEpisodes: 4,
  seed: 3,
  actionNoise: 0.1,
  imperfectShare: 0,
  speed: 1,
  failedShare: null,
  holdSteps: null,
  outputPath: '',
  overwrite: false,
};

async function makeAndRead(name: string, options: Partial<MakeDemosOptions> = {}) {
  const outputPath = join(folder, `${name}.h5`);
  const made = await makeDemos({ ...OPTIONS, outputPath, ...options });
  const dataset = await ManiSkillDataset.open(outputPath, {
    envId: 'PickCube-v1',
    controlMode: 'pd_joint_delta_pos',
    observationDim: 42,
    actionDim: 8,
  });
  const trajectories = [...dataset.trajectories()];
  const states = dataset.record.episodes.map((episode) => dataset.readEnvStates(episode)!);
  dataset.close();
  return { made, trajectories, states, record: dataset.record };
}

test('the expert succeeds, over full-length episodes', async () => {
  const { made, trajectories, record } = await makeAndRead('demos');
  expect(made.summary).toMatchObject({ episodes: 4, success_at_end: 1 });
  expect(record).toMatchObject({ rewardMode: 'normalized_dense', maxEpisodeSteps: 50 });
  for (const { length, terminated, truncated, success, rewards, actions } of trajectories) {
    expect(length).toBe(50);
    expect(terminated).toEqual(success);
    expect(Array.from(truncated)).toEqual([...new Array(49).fill(0), 1]);
    expect(rewards!.at(-1)).toBe(1);
    expect(actions.every((value) => Math.abs(value) <= 1)).toBe(true);
  }
});

test('what was intended stands beside what was done with noise, in every control mode', async () => {
  const { trajectories } = await makeAndRead('noisy', { numEpisodes: 2, actionNoise: 0.3 });
  for (const { actions, intendedActions } of trajectories) {
    expect(intendedActions).toHaveLength(actions.length);
    const deviation = Math.sqrt(
      actions.reduce((sum, value, i) => sum + (value - intendedActions![i]) ** 2, 0) / actions.length,
    );
    expect(deviation).toBeGreaterThan(0.05);
    expect(deviation).toBeLessThan(0.3);
    // Noise moves the arm alone.
    expect(actions.filter((_, i) => i % 8 === 7)).toEqual(intendedActions!.filter((_, i) => i % 8 === 7));
  }
  const exact = await makeAndRead('exact', { numEpisodes: 1, actionNoise: 0 });
  expect(exact.trajectories[0].intendedActions).toBeUndefined();
});

test('an expert that has to turn the tool refuses the control mode that can not', async () => {
  const options = { envId: 'PegInsertionSide-v1', controlMode: 'pd_ee_delta_pos' };
  await expect(makeAndRead('turns', options)).rejects.toThrow(
    "the expert of PegInsertionSide-v1 has to turn the tool, which pd_ee_delta_pos can't; it acts in: pd_joint_",
  );
});

test('recorded states and seeds reproduce the recorded observations', async () => {
  const { trajectories, states } = await makeAndRead('states');
  const environment = await makeEnvironment('PickCube-v1', {
    controlMode: 'pd_joint_delta_pos',
    rewardMode: 'normalized_dense',
  });
  const observation = new Float32Array(42);
  const [episode] = trajectories;
  environment.reset(episode.seed!, observation);
  expect(observation).toEqual(episode.observations.slice(0, 42));
  for (let step = 0; step < 50; step++) {
    environment.step(episode.actions.slice(step * 8, (step + 1) * 8), observation);
    expect(observation).toEqual(episode.observations.slice((step + 1) * 42, (step + 2) * 42));
  }
  const { actors, articulations } = environment.getState();
  for (const [name, part] of Object.entries({ ...actors, ...articulations })) {
    const recorded = states[0].actors[name] ?? states[0].articulations[name];
    expect(recorded.slice(-part.length), name).toEqual(Float32Array.from(part));
  }
  environment.close();
});

test('an episode ends once success has held for so many steps', async () => {
  const { trajectories, record } = await makeAndRead('held', { holdSteps: 5 });
  const { trajectories: whole } = await makeAndRead('whole');
  expect(record.maxEpisodeSteps).toBe(50);
  for (const [i, { length, success, actions }] of trajectories.entries()) {
    expect(length).toBeLessThan(50);
    expect(actions).toEqual(whole[i].actions.slice(0, length * 8));
    const lastFailure = success.lastIndexOf(0);
    expect(length - 1 - lastFailure).toBe(5);
    expect([...whole[i].success].join('').indexOf('11111')).toBe(lastFailure + 1);
  }
});

test('the same options give the same episodes, another seed others', async () => {
  const [first, again, other] = [
    await makeAndRead('first'),
    await makeAndRead('again'),
    await makeAndRead('other', { seed: 4 }),
  ];
  expect(again.trajectories).toEqual(first.trajectories);
  expect(again.states).toEqual(first.states);
  expect(other.trajectories[0].observations).not.toEqual(first.trajectories[0].observations);
});

test('a share of episodes can be spoilt, and failures left out', async () => {
  const spoilt = { numEpisodes: 12, imperfectShare: 1 };
  const all = await makeAndRead('spoilt', spoilt);
  expect(all.made.summary.success_at_end).toBeLessThan(0.7);
  const kept = await makeAndRead('kept', { numEpisodes: 6, imperfectShare: 0.5, failedShare: 0 });
  expect(kept.made.summary).toMatchObject({ episodes: 6, success_at_end: 1 });
  expect(kept.made.attempts).toBeGreaterThan(6);
  expect(kept.record.episodes.map(({ episodeId }) => episodeId)).toEqual([0, 1, 2, 3, 4, 5]);
});

test('in RollBall, where the ball rolls on, successes are those at any step', async () => {
  const outputPath = join(folder, 'rolled.h5');
  const options = { envId: 'RollBall-v1', numEpisodes: 6, imperfectShare: 0.5 };
  const kept = await makeDemos({ ...OPTIONS, ...options, outputPath, failedShare: 0 });
  expect(kept.summary).toMatchObject({ episodes: 6, success_once: 1 });
  expect(kept.summary.success_at_end).toBeLessThan(1);
  expect(kept.attempts).toBeGreaterThan(6);
  const json = JSON.parse(await readFile(join(folder, 'rolled.json'), 'utf8'));
  expect(json.generator).toMatchObject({ judged_by: 'success_once', expert_options: { failed_share: 0 } });
  const mixed = await makeDemos({ ...OPTIONS, ...options, outputPath, failedShare: 0.5, overwrite: true });
  expect(mixed.summary.success_once).toBe(0.5);
});

test('a wanted share of the episodes ends in failure', async () => {
  const options = { numEpisodes: 8, imperfectShare: 0.3, failedShare: 0.25 };
  const { made, record } = await makeAndRead('quarter', options);
  expect(made.summary).toMatchObject({ episodes: 8, success_at_end: 0.75 });
  expect(record.episodes.map(({ episodeId }) => episodeId)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

test('gives up where too few episodes end as wanted', async () => {
  const making = makeAndRead('hopeless', { numEpisodes: 2, failedShare: 1 });
  await expect(making).rejects.toThrow('gave up after 20 episodes: 0 successes and 2 failures are still');
});

test('the json tells how the dataset was made', async () => {
  await makeAndRead('told', { seed: 12, actionNoise: 0.2, speed: 0.8 });
  const json = JSON.parse(await readFile(join(folder, 'told.json'), 'utf8'));
  expect(json.env_info.env_kwargs.sim_backend).toBe('rapier');
  expect(json.generator).toMatchObject({
    name: 'rlpd',
    engine: expect.stringMatching(/^rapier \d+\.\d+\.\d+$/),
    expert_options: { action_noise: 0.2, imperfect_share: 0, speed: 0.8, failed_share: null },
    judged_by: 'success_at_end',
    seed: 12,
  });
});

test('an interrupted run leaves no file', async () => {
  const interrupt = new AbortController();
  const outputPath = join(folder, 'interrupted', 'demos.h5');
  const onProgress = (episodes: number) => episodes === 2 && interrupt.abort();
  const making = makeDemos({ ...OPTIONS, outputPath, onProgress, signal: interrupt.signal });
  await expect(making).rejects.toThrow(/interrupted: .*demos\.h5 was not written/);
  expect(await readdir(join(folder, 'interrupted'))).toEqual([]);
});

test('chance acts evenly in all that it can do, and the json says so', async () => {
  const { trajectories, made } = await makeAndRead('random', { policy: 'random', seed: 2 });
  expect(made.summary).toMatchObject({ episodes: 4, success_once: 0 });
  for (const { actions, intendedActions } of trajectories) {
    expect(intendedActions).toBeUndefined();
    const mean = actions.reduce((sum, value) => sum + value, 0) / actions.length;
    const square = actions.reduce((sum, value) => sum + value ** 2, 0) / actions.length;
    expect(Math.abs(mean)).toBeLessThan(0.1);
    expect(Math.abs(square - 1 / 3)).toBeLessThan(0.06);
  }
  expect(trajectories[0].actions).not.toEqual(trajectories[1].actions);
  const again = await makeAndRead('random-again', {
    policy: 'random',
    seed: 2,
    actionNoise: 0.5,
    speed: 0.2,
  });
  expect(again.trajectories).toEqual(trajectories);
  const json = JSON.parse(await readFile(join(folder, 'random.json'), 'utf8'));
  expect(json).toMatchObject({ source_type: 'random', generator: { policy: 'uniformly random actions' } });
});

test('chance needs no control mode in which the expert can do the task', async () => {
  const outputPath = join(folder, 'random-turns.h5');
  const options = { envId: 'PegInsertionSide-v1', controlMode: 'pd_ee_delta_pos', numEpisodes: 1 };
  const { summary } = await makeDemos({ ...OPTIONS, ...options, policy: 'random', outputPath });
  expect(summary).toMatchObject({ episodes: 1, success_once: 0 });
});
