import { afterEach, expect, test } from 'vitest';
import { RandomStream } from '../../../src/rng.js';
import { createVectorEnvironment } from '../../../src/rollout/create_vector_env.js';
import { evaluate } from '../../../src/rollout/evaluate.js';
import type { VectorEnvironment } from '../../../src/rollout/vector_env.js';

const NUM_ENVS = 3;
/** Random actions let a hopper fall after about 20 steps. */
const STEPS = 70;

const open: VectorEnvironment[] = [];

async function create(numWorkers: number, numEnvs = NUM_ENVS): Promise<VectorEnvironment> {
  const environment = await createVectorEnvironment({
    envId: 'Hopper-v5',
    controlMode: 'motor',
    rewardMode: 'dense',
    numEnvs,
    numWorkers,
    seed: 4,
    ignoreTerminations: true,
  });
  open.push(environment);
  return environment;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((environment) => environment.close()));
});

async function roll(environment: VectorEnvironment, steps: number, stream: RandomStream) {
  const actions = new Float32Array(environment.numEnvs * environment.spec.actionDim);
  const record = [];
  for (let step = 0; step < steps; step++) {
    stream.fillUniform(actions, -1, 1);
    await environment.step(actions);
    const { observations, nextObservations, rewards, terminated, truncated } = environment;
    record.push(structuredClone({ observations, nextObservations, rewards, terminated, truncated }));
  }
  return record;
}

test('falls end episodes long before their time, in worker threads as in this one', async () => {
  const here = await create(0);
  await here.reset();
  const steps = await roll(here, STEPS, new RandomStream(1));
  const falls = steps.flatMap(({ terminated }) => [...terminated]).filter(Boolean);
  expect(falls.length).toBeGreaterThanOrEqual(NUM_ENVS);
  for (const { terminated, truncated, observations, nextObservations } of steps) {
    expect([...truncated]).toEqual([0, 0, 0]);
    for (const [env, fell] of terminated.entries()) {
      const row = (rows: Float32Array) => [...rows.slice(11 * env, 11 * (env + 1))];
      if (fell) expect(row(observations)).not.toEqual(row(nextObservations));
      else expect(row(observations)).toEqual(row(nextObservations));
    }
  }
  const there = await create(2);
  await there.reset();
  expect(await roll(there, STEPS, new RandomStream(1))).toEqual(steps);
});

test('episodes that may fall are saved and rebuilt in their middle, bit for bit', async () => {
  const original = await create(0);
  await original.reset();
  const stream = new RandomStream(3);
  await roll(original, STEPS, stream);
  const saved = structuredClone(original.progress());
  expect(Math.min(...saved.map(({ episode }) => episode))).toBeGreaterThan(0);
  expect(Math.max(...saved.map(({ actions }) => actions.length))).toBeGreaterThan(0);
  const actions = stream.getState();
  const expected = await roll(original, STEPS, stream);
  const restored = await create(1);
  await restored.restore(saved);
  stream.setState(actions);
  expect(await roll(restored, STEPS, stream)).toEqual(expected);
});

test('episodes of an evaluation last until they fall, the same beside any number of others', async () => {
  const still = (_: Float32Array, actions: Float32Array) => void actions.fill(0);
  const { summary, episodes } = await evaluate(still, await create(0), { episodes: 4 });
  expect(episodes.map(({ length }) => length)).not.toContain(1000);
  expect(new Set(episodes.map(({ return: sum }) => sum)).size).toBe(4);
  expect(summary.episode_len.max).toBeLessThan(1000);
  expect((await evaluate(still, await create(0, 1), { episodes: 4 })).summary).toEqual(summary);
});
