import { describe, expect, it } from 'vitest';
import { type AwrOptions, awr } from '../../../src/algorithms/awr.js';
import { ReplayBuffer } from '../../../src/buffers/replay_buffer.js';
import type { Agent } from '../../../src/learner/agent.js';
import { createLearner } from '../../../src/learner/learner.js';
import { dispose, randomBatches, SEED, SMALL, SMALL_NETWORKS, tensorsOf } from '../learner/support.js';

const DISCOUNT = 0.9;

function smallAwr(options: Partial<AwrOptions> = {}): Promise<Agent> {
  return createLearner(awr, { ...SMALL_NETWORKS, ...options }, SMALL, { seed: SEED, threads: 1 });
}

const ROWS = 40;
const TERMINAL = 19;
const TIMEOUT = 39;

/** Two episodes, of which the first terminates and the second is cut off. */
interface Episodes {
  rewardScale: number;
  /** Rows whose next observation is another one. */
  moved: readonly number[];
}

function episodes({ rewardScale = 1, moved = [] }: Partial<Episodes> = {}): ReplayBuffer {
  const { observationDim, actionDim } = SMALL;
  const { observations, actions, rewards, nextObservations } = randomBatches(ROWS / SMALL.batchSize);
  for (const row of moved) {
    const start = row * observationDim;
    nextObservations.set(
      nextObservations.slice(start, start + observationDim).map((number) => 3 - number),
      start,
    );
  }
  const buffer = new ReplayBuffer({ capacity: ROWS, numEnvs: 1, observationDim, actionDim });
  const flag = (row: number) => new Uint8Array(ROWS).fill(1, row, row + 1);
  buffer.add({
    observations,
    actions,
    rewards: rewards.map((reward) => rewardScale * reward),
    nextObservations,
    terminated: flag(TERMINAL),
    truncated: flag(TIMEOUT),
  });
  return buffer;
}

/** The columns that a learner makes of episodes. Its values are `valueScale` times those of fresh weights. */
async function columnsOf(given: Partial<Episodes> = {}, options: Partial<AwrOptions> = {}, valueScale = 1) {
  const learner = await smallAwr(options);
  const state = await learner.getState();
  const { data } = state.tensors['value/vectors'];
  // The last numbers are the kernel of the value and its bias.
  const last = SMALL_NETWORKS.criticFeatures.at(-1)! + 1;
  data.set(
    data.slice(-last).map((number) => valueScale * number),
    data.length - last,
  );
  await learner.setState(state);
  const buffer = episodes(given);
  await learner.refresh([buffer], DISCOUNT);
  await dispose(learner);
  const { lambdaReturns, advantages } = buffer.kept;
  return { lambdaReturns: [...lambdaReturns!], advantages: [...advantages!] };
}

describe('the columns of AWR', () => {
  it('do not depend on what follows a terminal row, and do on what follows a timeout', async () => {
    const plain = await columnsOf();
    expect(await columnsOf({ moved: [TERMINAL] })).toEqual(plain);
    const moved = await columnsOf({ moved: [TIMEOUT] });
    expect(moved.lambdaReturns.slice(0, TERMINAL + 1)).toEqual(plain.lambdaReturns.slice(0, TERMINAL + 1));
    moved.lambdaReturns.slice(TERMINAL + 1).forEach((number, i) => {
      expect(number).not.toBe(plain.lambdaReturns[TERMINAL + 1 + i]);
    });
  });

  it('with λ = 1 are sums of rewards where the episode terminates', async () => {
    const { lambdaReturns } = await columnsOf({}, { lambda: 1 });
    const rewards = randomBatches(ROWS / SMALL.batchSize).rewards.slice(0, TERMINAL + 1);
    const sum = rewards.reduce((total, reward, t) => total + DISCOUNT ** t * reward, 0);
    expect(lambdaReturns[0]).toBeCloseTo(sum, 5);
  });

  it('have advantages of mean 0 and deviation 1, whatever the scale of rewards', async () => {
    const { advantages, lambdaReturns } = await columnsOf();
    expect(advantages.reduce((sum, number) => sum + number) / ROWS).toBeCloseTo(0, 5);
    expect(advantages.reduce((sum, number) => sum + number ** 2, 0) / ROWS).toBeCloseTo(1, 3);
    const scaled = await columnsOf({ rewardScale: 100 }, {}, 100);
    scaled.advantages.forEach((number, row) => {
      expect(number).toBeCloseTo(advantages[row], 3);
      expect(scaled.lambdaReturns[row] / 100).toBeCloseTo(lambdaReturns[row], 4);
    });
  });
});

describe('an update of AWR', () => {
  /** The state after an update on batches with these columns. */
  async function updatedOn(columns: { lambdaReturns?: number; advantages?: number }, options = {}) {
    const learner = await smallAwr(options);
    const batches = randomBatches(1);
    for (const [name, value] of Object.entries(columns)) {
      batches[name as 'advantages' | 'lambdaReturns']!.fill(value);
    }
    const metrics = await learner.update(batches);
    const { tensors } = await learner.getState();
    await dispose(learner);
    return { metrics, tensors };
  }

  it('moves the value by returns alone, and the actor by advantages alone', async () => {
    const plain = await updatedOn({});
    const [returns, advantages] = [await updatedOn({ lambdaReturns: 5 }), await updatedOn({ advantages: 2 })];
    const [ofValue, ofActor] = [/^value/, /^actor/];
    expect(tensorsOf(returns.tensors, ofActor)).toEqual(tensorsOf(plain.tensors, ofActor));
    expect(tensorsOf(returns.tensors, ofValue)).not.toEqual(tensorsOf(plain.tensors, ofValue));
    expect(tensorsOf(advantages.tensors, ofValue)).toEqual(tensorsOf(plain.tensors, ofValue));
    expect(tensorsOf(advantages.tensors, ofActor)).not.toEqual(tensorsOf(plain.tensors, ofActor));
  });

  it('weighs actions by exp(A/β), up to a limit', async () => {
    const weightsOf = async (advantages: number, options = {}) => {
      const { metrics } = await updatedOn({ advantages }, options);
      expect(metrics['weight_max']).toBeCloseTo(metrics['weight'], 5);
      return metrics['weight'];
    };
    expect(await weightsOf(1, { temperature: 0.5 })).toBeCloseTo(Math.exp(2), 4);
    expect(await weightsOf(-1)).toBeCloseTo(Math.exp(-1), 5);
    expect(await weightsOf(4)).toBe(20);
    expect(await weightsOf(4, { maxWeight: 3 })).toBe(3);
  });
});
