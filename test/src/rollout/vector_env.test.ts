import { afterEach, describe, expect, test } from 'vitest';
import { makeEnvironment } from '../../../envs/registry.js';
import { hashSeed, RandomStream } from '../../../src/rng.js';
import { createVectorEnvironment } from '../../../src/rollout/create_vector_env.js';
import type { VectorEnvironment, VectorEnvironmentOptions } from '../../../src/rollout/vector_env.js';

const NUM_ENVS = 5;
const HORIZON = 4;

const OPTIONS: VectorEnvironmentOptions = {
  envId: 'PickCube-v1',
  controlMode: 'pd_joint_delta_pos',
  rewardMode: 'normalized_dense',
  maxEpisodeSteps: HORIZON,
  numEnvs: NUM_ENVS,
  numWorkers: 0,
  seed: 7,
  ignoreTerminations: true,
};

const open: VectorEnvironment[] = [];

async function create(options: Partial<VectorEnvironmentOptions> = {}): Promise<VectorEnvironment> {
  const environment = await createVectorEnvironment({ ...OPTIONS, ...options });
  open.push(environment);
  return environment;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((environment) => environment.close()));
});

function copyOf(environment: VectorEnvironment) {
  const { observations, nextObservations, rewards, terminated, truncated, successes } = environment;
  return structuredClone({ observations, nextObservations, rewards, terminated, truncated, successes });
}

/** Steps with the random actions of a stream and returns a copy of every step's columns. */
async function roll(environment: VectorEnvironment, steps: number, stream = new RandomStream(1)) {
  const actions = new Float32Array(environment.numEnvs * environment.spec.actionDim);
  const record: ReturnType<typeof copyOf>[] = [];
  for (let step = 0; step < steps; step++) {
    stream.fillUniform(actions, -1, 1);
    await environment.step(actions);
    record.push(copyOf(environment));
  }
  return record;
}

async function rollFromReset(numWorkers: number) {
  const environment = await create({ numWorkers });
  await environment.reset();
  const start = copyOf(environment).observations;
  return { start, steps: await roll(environment, 2 * HORIZON + 1) };
}

describe('workers', () => {
  test.each([1, 2, 4])('%i give the results of none, bit for bit', async (numWorkers) => {
    expect(await rollFromReset(numWorkers)).toEqual(await rollFromReset(0));
  });

  test('more of them than environments are not started', async () => {
    const environment = await create({ numEnvs: 1, numWorkers: 3 });
    await environment.reset();
    await roll(environment, 2);
  });

  test('that fail reject the pending and every later step, with their error', async () => {
    const environment = await create({ numWorkers: 2 });
    await environment.reset();
    const actions = new Float32Array(NUM_ENVS * environment.spec.actionDim);
    actions[actions.length - 1] = Number.NaN;
    const message = /environment worker 1 \(environments 2 to 4\) failed: .*action/i;
    await expect(environment.step(actions)).rejects.toThrow(message);
    await expect(environment.step(actions.fill(0))).rejects.toThrow(message);
  });

  test('that can not start reject the creation', async () => {
    await expect(create({ numWorkers: 1, controlMode: 'telepathy' })).rejects.toThrow(
      /environment worker 0 .* no control mode "telepathy"/,
    );
  });

  test('are gone after closing', async () => {
    const environment = await create({ numWorkers: 1 });
    await environment.reset();
    await environment.close();
    await expect(environment.reset()).rejects.toThrow(/closed/);
  });
});

describe('episodes', () => {
  test('run with the seed of their number, the same however many run beside them', async () => {
    const environment = await create();
    await environment.reset();
    await roll(environment, HORIZON);
    const single = await makeEnvironment(OPTIONS.envId, OPTIONS);
    const { observationDim } = environment.spec;
    const observation = new Float32Array(observationDim);
    for (let env = 0; env < NUM_ENVS; env++) {
      single.reset(hashSeed(OPTIONS.seed, 1 * NUM_ENVS + env), observation);
      const row = environment.observations.slice(env * observationDim, (env + 1) * observationDim);
      expect(row).toEqual(observation);
    }
    single.close();
  });

  test('keep their true final observation when the next begins', async () => {
    const environment = await create();
    await environment.reset();
    const steps = await roll(environment, HORIZON);
    for (const [step, { truncated, observations, nextObservations }] of steps.entries()) {
      const last = step === HORIZON - 1;
      expect(Array.from(truncated)).toEqual(new Array(NUM_ENVS).fill(last ? 1 : 0));
      if (last) expect(observations).not.toEqual(nextObservations);
      else expect(observations).toEqual(nextObservations);
    }
    const unlimited = await create({ maxEpisodeSteps: 100 });
    await unlimited.reset();
    const undisturbed = await roll(unlimited, HORIZON);
    expect(steps[HORIZON - 1].nextObservations).toEqual(undisturbed[HORIZON - 1].nextObservations);
  });

  test('can be saved and rebuilt in the middle, with any number of workers', async () => {
    const original = await create();
    await original.reset();
    const stream = new RandomStream(3);
    await roll(original, HORIZON + 2, stream);
    const saved = structuredClone(original.progress());
    expect(saved.map(({ episode }) => episode)).toEqual(new Array(NUM_ENVS).fill(1));
    expect(saved[0].actions.length).toBe(2 * original.spec.actionDim);
    const actions = stream.getState();
    const expected = await roll(original, HORIZON + 1, stream);

    for (const numWorkers of [0, 2]) {
      const restored = await create({ numWorkers });
      await restored.restore(saved);
      stream.setState(actions);
      expect(await roll(restored, HORIZON + 1, stream)).toEqual(expected);
      expect(restored.progress()).toEqual(original.progress());
    }
  });

  test('that could not have been saved are refused', async () => {
    const environment = await create();
    const { actionDim } = environment.spec;
    const saved = Array.from({ length: NUM_ENVS }, () => ({ episode: 0, actions: new Float32Array(0) }));
    await expect(environment.restore(saved.slice(1))).rejects.toThrow(/can't restore 4 episodes in 5/);
    saved[2].actions = new Float32Array(HORIZON * actionDim);
    await expect(environment.restore(saved)).rejects.toThrow(/environment 2 go on past the end/);
  });
});

test('impossible options are refused', async () => {
  await expect(create({ envId: 'PickSphere-v9' })).rejects.toThrow(/unknown environment "PickSphere-v9"/);
  await expect(create({ numEnvs: 0 })).rejects.toThrow(/numEnvs is 0/);
  await expect(create({ numWorkers: -1 })).rejects.toThrow(/numWorkers is -1/);
  const environment = await create();
  await environment.reset();
  await expect(environment.step(new Float32Array(3))).rejects.toThrow(
    /actions has 3 values; expected \[5, 8\]/,
  );
});
