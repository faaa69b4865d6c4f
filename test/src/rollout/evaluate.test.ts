import { expect, onTestFinished, test } from 'vitest';
import { makeEnvironment } from '../../../envs/registry.js';
import { createVectorEnvironment } from '../../../src/rollout/create_vector_env.js';
import { evaluate } from '../../../src/rollout/evaluate.js';

const NUM_EPISODES = 7;
const HORIZON = 6;

/** Actions that depend on the observation alone, so that an episode is the same in whichever row it runs. */
async function policy(observations: Float32Array, actions: Float32Array): Promise<void> {
  const numEnvs = actions.length / 8;
  const observationDim = observations.length / numEnvs;
  for (let i = 0; i < actions.length; i++) {
    const row = Math.floor(i / 8);
    actions[i] = Math.fround(Math.tanh(3 * observations[row * observationDim + 29 + (i % 8)]));
  }
}

async function evaluateWith(numEnvs: number, numWorkers: number, seed = 5, numRecorded = 0) {
  const environment = await createVectorEnvironment({
    envId: 'PickCube-v1',
    controlMode: 'pd_joint_delta_pos',
    rewardMode: 'normalized_dense',
    maxEpisodeSteps: HORIZON,
    numEnvs,
    numWorkers,
    seed,
    ignoreTerminations: true,
  });
  try {
    return await evaluate(policy, environment, { episodes: NUM_EPISODES, recorded: numRecorded });
  } finally {
    await environment.close();
  }
}

test('the same episodes count, with any number of environments and workers', async () => {
  const { summary, episodes } = await evaluateWith(1, 0);
  expect(episodes.length).toBe(NUM_EPISODES);
  expect(new Set(episodes.map((episode) => episode.return)).size).toBe(NUM_EPISODES);
  expect(summary.episode_len).toMatchObject({ mean: HORIZON, min: HORIZON, max: HORIZON });
  expect(summary.reward.mean).toBeCloseTo(summary.return.mean / HORIZON, 12);
  for (const [numEnvs, numWorkers] of [
    [3, 0],
    [8, 0],
    [4, 2],
  ]) {
    const other = await evaluateWith(numEnvs, numWorkers);
    expect(other.summary).toEqual(summary);
    expect(other.episodes.map((episode) => episode.return)).toEqual(
      episodes.map((episode) => episode.return),
    );
  }
});

test('another seed gives other episodes, a second evaluation the same', async () => {
  const { summary } = await evaluateWith(4, 0);
  expect((await evaluateWith(4, 0, 6)).summary.return.mean).not.toBe(summary.return.mean);

  const environment = await createVectorEnvironment({
    envId: 'PickCube-v1',
    controlMode: 'pd_joint_delta_pos',
    rewardMode: 'normalized_dense',
    maxEpisodeSteps: HORIZON,
    numEnvs: 4,
    numWorkers: 0,
    seed: 5,
    ignoreTerminations: true,
  });
  const first = await evaluate(policy, environment, { episodes: NUM_EPISODES });
  const second = await evaluate(policy, environment, { episodes: NUM_EPISODES });
  await environment.close();
  expect(first.summary).toEqual(summary);
  expect(second).toEqual(first);
});

test('the actions of the first episodes are kept, with any number of environments', async () => {
  const { actions } = await evaluateWith(1, 0, 5, 4);
  expect(actions.map(({ length }) => length)).toEqual(Array(4).fill(8 * HORIZON));
  expect(new Set(actions.map(([first]) => first)).size).toBe(4);
  expect((await evaluateWith(3, 0, 5, 4)).actions).toEqual(actions);
  expect((await evaluateWith(3, 0, 5, 99)).actions.length).toBe(NUM_EPISODES);
  expect((await evaluateWith(3, 0)).actions).toEqual([]);
});

test('an agent in an environment of this thread is evaluated on the episodes of a seed', async () => {
  const { summary } = await evaluateWith(4, 0);
  const environment = await makeEnvironment('PickCube-v1', {
    controlMode: 'pd_joint_delta_pos',
    rewardMode: 'normalized_dense',
    maxEpisodeSteps: HORIZON,
  });
  onTestFinished(() => environment.close());
  const choices = new Set<string>();
  const agent = {
    act(observations: Float32Array, actions: Float32Array, choice: 'mode') {
      choices.add(choice);
      return policy(observations, actions);
    },
  };
  const options = { episodes: NUM_EPISODES, seed: 5 };
  expect((await evaluate(agent, environment, options)).summary).toEqual(summary);
  expect([...choices]).toEqual(['mode']);
  const others = await evaluate(agent, environment, { ...options, seed: 6 });
  expect(others.summary).toEqual((await evaluateWith(4, 0, 6)).summary);
});

test('a vector environment is evaluated on its own seed unless another is given', async () => {
  const environment = await createVectorEnvironment({
    envId: 'PickCube-v1',
    controlMode: 'pd_joint_delta_pos',
    rewardMode: 'normalized_dense',
    maxEpisodeSteps: HORIZON,
    numEnvs: 2,
    numWorkers: 2,
    seed: 5,
    ignoreTerminations: true,
  });
  onTestFinished(() => environment.close());
  const returns = async (seed?: number) => {
    const { summary } = await evaluate(policy, environment, {
      episodes: NUM_EPISODES,
      ...(seed !== undefined && { seed }),
    });
    return summary.return;
  };
  const own = (await evaluateWith(1, 0, 5)).summary.return;
  expect(await returns(6)).toEqual((await evaluateWith(1, 0, 6)).summary.return);
  expect(await returns()).toEqual(own);
});

test.each([0, -1, 1.5, Number.NaN])('%s episodes are refused', async (episodes) => {
  const environment = await makeEnvironment('PushCube-v1', {
    controlMode: 'pd_joint_delta_pos',
    rewardMode: 'sparse',
  });
  onTestFinished(() => environment.close());
  await expect(evaluate(policy, environment, { episodes })).rejects.toThrow(`episodes is ${episodes}`);
});
