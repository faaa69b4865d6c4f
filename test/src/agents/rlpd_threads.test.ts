import { afterEach, describe, expect, it, vi } from 'vitest';
import type { RlpdOptions } from '../../../src/agents/rlpd/options.js';
import type { RlpdAgent } from '../../../src/agents/rlpd.js';
import { Barrier } from '../../../src/threads/barrier.js';
import { Team } from '../../../src/threads/team.js';
import { randomBatches, SMALL, smallAgent } from './support.js';

const OPTIONS: Partial<RlpdOptions> = {
  numQs: 5,
  numMinQs: 2,
  actorUpdateFreq: 2,
  bcWeight: 0.3,
  actorTau: 0.1,
  backupEntropy: true,
};

/** Everything a learner did in a few updates of each kind. */
async function history(agent: RlpdAgent) {
  const metrics = [
    await agent.cloneBehaviour(randomBatches(3)),
    // More than are handed to the threads at a time.
    await agent.update(randomBatches(18, 3)),
  ];
  const actions = new Float32Array(2 * SMALL.actionDim);
  await agent.act(randomBatches(1).observations.slice(0, 2 * SMALL.observationDim), actions, 'sample');
  return { metrics, actions, lastBatch: agent.lastBatch(), state: await agent.getState() };
}

describe('a learner on several threads', () => {
  it.each([2, 3, 5, 8])('gives bit for bit what it gives on one: %i', async (threads) => {
    const [one, many] = [await smallAgent(OPTIONS), await smallAgent({ ...OPTIONS, threads })];
    expect(await history(many)).toEqual(await history(one));
    await Promise.all([one.dispose(), many.dispose()]);
  });

  it('does so when the batch has an odd number of rows, too', async () => {
    const sizes = { ...SMALL, batchSize: 7 };
    const agents = await Promise.all([1, 2].map((threads) => smallAgent({ batchSize: 7, threads })));
    const metrics = [];
    for (const agent of agents) metrics.push(await agent.update(randomBatches(3, 1, sizes)));
    expect(metrics[1]).toEqual(metrics[0]);
    expect(await agents[1].getState()).toEqual(await agents[0].getState());
    await Promise.all(agents.map((agent) => agent.dispose()));
  });

  it('takes over a state saved with another number of threads', async () => {
    const [one, three] = [await smallAgent(OPTIONS), await smallAgent({ ...OPTIONS, threads: 3 })];
    await one.update(randomBatches(4));
    await three.setState(await one.getState());
    expect(await three.getState()).toEqual(await one.getState());
    expect(await three.update(randomBatches(2, 2))).toEqual(await one.update(randomBatches(2, 2)));
    expect(await three.getState()).toEqual(await one.getState());
    await Promise.all([one.dispose(), three.dispose()]);
  });
});

describe('a thread that fails', () => {
  const team = (code: string, barrier: Barrier) =>
    new Team<string>(new URL(`data:text/javascript,${encodeURIComponent(code)}`), [0], barrier, 'helper');
  afterEach(() => vi.restoreAllMocks());

  it.each([
    ['throws', "throw new Error('out of memory')", /helper 1 failed: out of memory/],
    ['exits', 'process.exit(3)', /helper 1 ended unexpectedly with exit code 3/],
    [
      'reports a failure',
      "import { parentPort } from 'node:worker_threads'; parentPort.postMessage({ message: 'no such stage' })",
      /helper 1 failed: no such stage/,
    ],
  ])('ends the command of all when it %s', async (_, code, message) => {
    const barrier = new Barrier(2);
    const crew = team(code, barrier);
    await expect(crew.run('anything', () => barrier.wait())).rejects.toThrow(message);
    // And for good: what it had is lost.
    expect(() => crew.tell('more')).toThrow(message);
    await crew.dismiss();
  });
});
