import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { describe, expect, it } from 'vitest';
import { type RlpdOptions, rlpd } from '../../../src/algorithms/rlpd.js';
import type { AgentState, Metrics } from '../../../src/learner/agent.js';
import type { Sizes } from '../../../src/learner/algorithm.js';
import { createLearner } from '../../../src/learner/learner.js';
import { randomBatches } from '../learner/support.js';

interface RecordedCase {
  options: Partial<RlpdOptions>;
  updates: number;
  metrics: Metrics[];
  counters: AgentState['counters'];
  streams: AgentState['streams'];
  tensors: Record<string, { sha256: string; first: number; sum: number }>;
}

interface Recording {
  processor: string;
  sizes: Sizes;
  networks: { actorFeatures: number[]; criticFeatures: number[]; seed: number };
  cases: RecordedCase[];
}

const file = new URL('../../fixtures/rlpd/learner.json', import.meta.url);
const { processor, sizes, networks, cases } = JSON.parse(readFileSync(file, 'utf8')) as Recording;

/** Tolerance relative to the array's numbers. TensorFlow.js, with other arithmetic, comes within 5e-7. */
const TOLERANCE = 1e-5;

/** Repeats a recorded case with today's learner. */
async function replay({ options, updates }: RecordedCase, threads: number) {
  const { seed, ...features } = networks;
  const learner = await createLearner(rlpd, { ...features, ...options }, sizes, { seed, threads });
  const metrics: Metrics[] = [];
  if (options.bcWeight) metrics.push(await learner.update(randomBatches(3, 1, sizes), 'clone'));
  metrics.push(await learner.update(randomBatches(updates, 2, sizes)));
  const { tensors, counters, streams } = await learner.getState();
  const { q, actions } = learner.lastBatch()!;
  await learner.dispose();
  const arrays: Record<string, Float32Array> = { 'last/q': q, 'last/actions': actions };
  for (const [name, { data }] of Object.entries(tensors)) arrays[name] = data;
  const hashes = Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, sha256(array)]));
  return { arrays, outcome: { metrics, counters, streams, hashes } };
}

type Replay = Awaited<ReturnType<typeof replay>>;

function sha256({ buffer, byteOffset, byteLength }: Float32Array): string {
  return createHash('sha256')
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest('hex');
}

function recordedHashes({ tensors }: RecordedCase): Record<string, string> {
  return Object.fromEntries(Object.entries(tensors).map(([name, { sha256 }]) => [name, sha256]));
}

/** The first case on one thread. */
const first = await replay(cases[0], 1);

/** ONNX Runtime adds in another order on other processors: there the bits can differ, but not much. */
const isExact =
  cpus()[0].model === processor ||
  JSON.stringify(first.outcome.hashes) === JSON.stringify(recordedHashes(cases[0]));

function expectNear({ arrays, outcome: { metrics } }: Replay, recorded: RecordedCase): void {
  expect(Object.keys(arrays).sort()).toEqual(Object.keys(recorded.tensors).sort());
  for (const [name, { first, sum }] of Object.entries(recorded.tensors)) {
    const [largest, total] = arrays[name].reduce(
      ([most, all], value) => [Math.max(most, Math.abs(value)), all + Math.abs(value)],
      [1, 1],
    );
    const ownSum = arrays[name].reduce((all, value) => all + value, 0);
    expect(Math.abs(arrays[name][0] - first) / largest, `first of ${name}`).toBeLessThan(TOLERANCE);
    expect(Math.abs(ownSum - sum) / total, `sum of ${name}`).toBeLessThan(TOLERANCE);
  }
  recorded.metrics.forEach((wanted, i) => {
    expect(Object.keys(metrics[i])).toEqual(Object.keys(wanted));
    for (const [name, value] of Object.entries(wanted)) {
      const difference = Math.abs(metrics[i][name] - value) / Math.max(1, Math.abs(value));
      expect(difference, name).toBeLessThan(TOLERANCE);
    }
  });
}

const accuracy = isExact ? 'bit for bit' : `to ${TOLERANCE}, as the processor is another`;

describe(`50 updates of RLPD as recorded before it was declared to an engine, ${accuracy}`, () => {
  it.each(cases.map((recorded) => [JSON.stringify(recorded.options), recorded] as const))(
    '%s',
    async (_, recorded) => {
      const one = recorded === cases[0] ? first : await replay(recorded, 1);
      expect(one.outcome.counters).toEqual(recorded.counters);
      expect(one.outcome.streams).toEqual(recorded.streams);
      expectNear(one, recorded);
      if (isExact) {
        expect(one.outcome.hashes).toEqual(recordedHashes(recorded));
        expect(one.outcome.metrics).toEqual(recorded.metrics);
      }
      for (const threads of [2, 3, 5]) {
        expect((await replay(recorded, threads)).outcome, `${threads} threads`).toEqual(one.outcome);
      }
    },
  );
});
