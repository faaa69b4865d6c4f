import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { createRlpdAgent, type RlpdAgent } from '../../src/agents/rlpd.js';
import { allocateBatches, type TransitionBatches } from '../../src/data/transitions.js';
import { RandomStream } from '../../src/rng.js';
import { availableThreads } from '../../src/threads/thread_count.js';
import { countOperations, type NetworkSizes, SgemmFloor, updateProducts } from './sgemm_floor.js';

/** ManiSkill's PickCube-v1 with the networks of both reference configurations. */
export const SIZES = { batchSize: 256, observationDim: 42, actionDim: 8, width: 256 };
export const UPDATES_PER_CALL = 16;

interface Contender {
  numQs: number;
  actorUpdateFreq: number;
  gigaOperations: number;
  agent: RlpdAgent;
  criticFloor: SgemmFloor;
  actorFloor: SgemmFloor;
  updateTimes: number[];
  floorTimes: number[];
}

/**
 * Prints the milliseconds of one compiled update for 2 and 10 critics, with an actor step at each update and at every
 * 16th, beside the time that the machine takes for the matrix products alone. All are measured in turn, round after
 * round, so that other work on the machine disturbs them alike; compare the ratios.
 *
 * @param args `--rounds n` (default 7) and `--threads n` (default: as in training)
 */
export async function benchUpdate(args: string[]): Promise<void> {
  const options = { rounds: { type: 'string', default: '7' }, threads: { type: 'string' } } as const;
  const { values } = parseArgs({ args, options });
  const rounds = positiveInteger('rounds', values.rounds);
  const threads =
    values.threads === undefined ? availableThreads() : positiveInteger('threads', values.threads);

  const contenders: Contender[] = [];
  for (const numQs of [2, 10]) {
    for (const actorUpdateFreq of [1, UPDATES_PER_CALL]) {
      contenders.push(await createContender(numQs, actorUpdateFreq, threads));
    }
  }
  const batches = randomBatches();
  for (let round = 0; round <= rounds; round++) {
    for (const contender of contenders) await measure(contender, batches, round > 0);
  }
  console.log(
    `one update: batch ${SIZES.batchSize}, three layers of ${SIZES.width}, ${threads} thread(s); ` +
      `medians of ${rounds} rounds of ${UPDATES_PER_CALL} updates`,
  );
  console.log(report(contenders));
  for (const contender of contenders) await dispose(contender);
}

async function createContender(numQs: number, actorUpdateFreq: number, threads: number): Promise<Contender> {
  const { width, ...dimensions } = SIZES;
  const sizes: NetworkSizes = { ...SIZES, numQs, numMinQs: 2 };
  const products = updateProducts(sizes);
  const features = [width, width, width];
  const agent = await createRlpdAgent({
    ...dimensions,
    actorFeatures: features,
    criticFeatures: features,
    numQs,
    numMinQs: sizes.numMinQs,
    actorUpdateFreq,
    threads,
  });
  const operations = countOperations(products.critic) + countOperations(products.actor) / actorUpdateFreq;
  return {
    numQs,
    actorUpdateFreq,
    gigaOperations: operations / 1e9,
    agent,
    criticFloor: await SgemmFloor.create(products.critic, threads),
    actorFloor: await SgemmFloor.create(products.actor, threads),
    updateTimes: [],
    floorTimes: [],
  };
}

async function measure(contender: Contender, batches: TransitionBatches, keep: boolean): Promise<void> {
  const { agent, criticFloor, actorFloor, actorUpdateFreq } = contender;
  const floor = await millisecondsPerUpdate(async () => {
    for (let update = 1; update <= UPDATES_PER_CALL; update++) {
      await criticFloor.run();
      if (update % actorUpdateFreq === 0) await actorFloor.run();
    }
  });
  const update = await millisecondsPerUpdate(() => agent.update(batches));
  // The first round warms caches and allocates.
  if (!keep) return;
  contender.floorTimes.push(floor);
  contender.updateTimes.push(update);
}

async function millisecondsPerUpdate(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return (performance.now() - start) / UPDATES_PER_CALL;
}

function report(contenders: readonly Contender[]): string {
  const head = ['critics', 'actor step', 'GFLOP', 'update ms', 'sgemm floor ms', 'update / floor'];
  const table = new Table({ head, style: { head: [], border: [] }, colAligns: head.map(() => 'right') });
  for (const { numQs, actorUpdateFreq, gigaOperations, updateTimes, floorTimes } of contenders) {
    const ratios = updateTimes.map((time, i) => time / floorTimes[i]);
    table.push([
      numQs,
      actorUpdateFreq === 1 ? 'each update' : `every ${actorUpdateFreq}th`,
      gigaOperations.toFixed(2),
      median(updateTimes).toFixed(2),
      median(floorTimes).toFixed(2),
      median(ratios).toFixed(2),
    ]);
  }
  return table.toString();
}

async function dispose({ agent, criticFloor, actorFloor }: Contender): Promise<void> {
  await Promise.all([agent.dispose(), criticFloor.dispose(), actorFloor.dispose()]);
}

/** Rows of the shapes and ranges of real ones, for `UPDATES_PER_CALL` updates. */
export function randomBatches(): TransitionBatches {
  const { batchSize, observationDim, actionDim } = SIZES;
  const batches = allocateBatches(UPDATES_PER_CALL, batchSize, batchSize / 2, observationDim, actionDim);
  const stream = new RandomStream(1);
  stream.fillNormal(batches.observations);
  stream.fillUniform(batches.actions, -1, 1);
  stream.fillUniform(batches.rewards, 0, 1);
  stream.fillNormal(batches.nextObservations);
  batches.discounts.fill(0.9);
  return batches;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function positiveInteger(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`--${name} must be a positive integer, not "${text}"`);
  return value;
}
