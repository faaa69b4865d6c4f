import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { median } from '../../src/median.js';
import { availableThreads } from '../../src/runtime/thread_count.js';
import { positiveInteger } from './arguments.js';
import { type Comparison, medianRatio } from './comparison.js';
import { type LearnerCase, NUM_MIN_QS, SIZES, UPDATES_PER_CALL } from './learner_case.js';
import { JAX_PEER } from './peers/programs.js';
import { type PythonPeer, startPeer } from './peers/python_peer.js';
import { countOperations, roundProducts } from './update_products.js';
import { floorRacer, jaxRacer, learnerRacer, type Racer } from './update_racers.js';

const CASES: readonly LearnerCase[] = [2, 10].flatMap((numQs) =>
  [1, UPDATES_PER_CALL].map((actorUpdateFreq) => ({ numQs, actorUpdateFreq })),
);

/** Updates of one learner that are measured at a time. */
const MEASURED_UPDATES = 3 * UPDATES_PER_CALL;

/** The milliseconds of one update in each round. */
interface Times {
  update: number[];
  floor: number[];
  /** Empty without the peer. */
  jax: number[];
}

/**
 * Prints the milliseconds of one compiled update for 2 and 10 critics, with an actor step at each update and at every
 * 16th, beside the time that the machine takes for the matrix products alone, and beside JAX's for the same updates on
 * as many processors. All are measured in turn, round after round, so that other work on the machine disturbs them
 * alike; compare the ratios.
 *
 * @param args `--rounds n` (default 7), `--threads n` (default: as in training), `--peer` to measure JAX too
 */
export async function benchUpdate(args: string[]): Promise<Comparison[]> {
  const options = {
    rounds: { type: 'string', default: '7' },
    threads: { type: 'string' },
    peer: { type: 'boolean', default: false },
  } as const;
  const { values } = parseArgs({ args, options });
  const rounds = positiveInteger('rounds', values.rounds);
  const threads =
    values.threads === undefined ? availableThreads() : positiveInteger('threads', values.threads);
  const peer = values.peer ? await startPeer(JAX_PEER, [String(threads)]) : null;
  try {
    const times = await raceAll(threads, rounds, peer);
    console.log(
      `one update: batch ${SIZES.batchSize}, three layers of ${SIZES.width}, ${threads} thread(s); ` +
        `medians of ${rounds} rounds of ${MEASURED_UPDATES} updates`,
    );
    console.log(detailTable(times, peer !== null));
    return CASES.flatMap((learner, index) => compare(learner, times[index]));
  } finally {
    peer?.close();
  }
}

async function raceAll(threads: number, rounds: number, peer: PythonPeer | null): Promise<Times[]> {
  const times: Times[] = CASES.map(() => ({ update: [], floor: [], jax: [] }));
  const races: { racer: Racer; times: number[] }[] = [];
  for (const [index, learner] of CASES.entries()) {
    const { update, floor, jax } = times[index];
    races.push({ times: floor, racer: await floorRacer(learner, threads) });
    races.push({ times: update, racer: await learnerRacer(learner, threads) });
    if (peer) races.push({ times: jax, racer: jaxRacer(learner, peer) });
  }
  try {
    // The first round compiles and allocates.
    for (let round = 0; round <= rounds; round++) {
      for (const { racer, times } of races) {
        // The caches are full of what was measured before, and threads asleep: a training goes on and on.
        await racer.race(UPDATES_PER_CALL);
        const milliseconds = await racer.race(MEASURED_UPDATES);
        if (round > 0) times.push(milliseconds);
      }
    }
  } finally {
    await Promise.all(races.map(({ racer }) => racer.close()));
  }
  return times;
}

function detailTable(times: readonly Times[], withPeer: boolean): string {
  const head = [
    ...['critics', 'actor step', 'GFLOP', 'update ms', 'sgemm floor ms', 'GFLOP/s', 'update / floor'],
    ...(withPeer ? ['JAX ms', 'update / JAX'] : []),
  ];
  const table = new Table({ head, style: { head: [], border: [] }, colAligns: head.map(() => 'right') });
  for (const [index, learner] of CASES.entries()) {
    const { update, floor, jax } = times[index];
    const operations = gigaOperationsPerUpdate(learner);
    table.push([
      learner.numQs,
      learner.actorUpdateFreq === 1 ? 'each update' : `every ${learner.actorUpdateFreq}th`,
      operations.toFixed(2),
      median(update).toFixed(2),
      median(floor).toFixed(2),
      (operations / (median(floor) / 1000)).toFixed(0),
      medianRatio(update, floor).toFixed(2),
      ...(withPeer ? [median(jax).toFixed(2), medianRatio(update, jax).toFixed(2)] : []),
    ]);
  }
  return table.toString();
}

function compare({ numQs, actorUpdateFreq }: LearnerCase, { update, floor, jax }: Times): Comparison[] {
  const actor = actorUpdateFreq === 1 ? 'actor each' : `actor every ${actorUpdateFreq}th`;
  const beside = (other: string, times: readonly number[]): Comparison => ({
    name: `update, ${numQs} critics, ${actor}`,
    milliseconds: median(update),
    other,
    otherMilliseconds: median(times),
    ratio: medianRatio(update, times),
  });
  return [beside('its matrix products', floor), ...(jax.length > 0 ? [beside('JAX', jax)] : [])];
}

function gigaOperationsPerUpdate({ numQs, actorUpdateFreq }: LearnerCase): number {
  const products = roundProducts({ ...SIZES, numQs, numMinQs: NUM_MIN_QS }, actorUpdateFreq);
  return countOperations(products) / actorUpdateFreq / 1e9;
}
