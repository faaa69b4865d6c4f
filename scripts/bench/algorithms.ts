import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import type { TransitionBatches } from '../../src/buffers/transitions.js';
import { algorithmOf } from '../../src/config/algorithm_sections.js';
import { UserError } from '../../src/errors.js';
import { createLearner } from '../../src/learner/learner.js';
import { median } from '../../src/median.js';
import { availableThreads } from '../../src/runtime/thread_count.js';
import { ALGORITHM_CASES, type AlgorithmCase } from './algorithm_cases.js';
import { positiveInteger } from './arguments.js';
import { type Comparison, medianRatio } from './comparison.js';
import { randomBatches } from './learner_case.js';
import { D3RLPY_PEER } from './peers/programs.js';
import { type PythonPeer, startPeer } from './peers/python_peer.js';
import { millisecondsEach } from './update_racers.js';

/** Hopper's sizes. */
const SIZES = { batchSize: 256, observationDim: 11, actionDim: 3 };
const FEATURES = [256, 256];
/** Both sides make as many updates at a time as take about this long. */
const MEASURED_MS = 600;

/** The milliseconds of one update in each round. */
interface Times {
  ours: number[];
  /** Times with one thread and with two; empty without the peer. */
  peer: [number[], number[]];
}

/**
 * Prints the milliseconds of one update of each algorithm, with two hidden layers of 256 in each network and batches of 256 rows
 * of Hopper's sizes, and beside them d3rlpy's, with one thread and with two. They are measured in turn, round after
 * round; the ratio is to the peer's better number of threads.
 *
 * @param args `--rounds n` (default 5), `--threads n` (default: as in training), `--only names` (default: all), `--peer`
 */
export async function benchAlgorithms(args: string[]): Promise<Comparison[]> {
  const options = {
    rounds: { type: 'string', default: '5' },
    threads: { type: 'string' },
    only: { type: 'string' },
    peer: { type: 'boolean', default: false },
  } as const;
  const { values } = parseArgs({ args, options });
  const rounds = positiveInteger('rounds', values.rounds);
  const threads =
    values.threads === undefined ? availableThreads() : positiveInteger('threads', values.threads);
  const cases = chosenCases(values.only);
  const peer = values.peer ? await startPeer(D3RLPY_PEER, []) : null;
  try {
    const times: Times[] = [];
    for (const one of cases) times.push(await race(one, rounds, threads, one.isInPeer ? peer : null));
    console.log(
      `one update: batch ${SIZES.batchSize}, two layers of ${FEATURES[0]}, ${threads} thread(s); medians of ${rounds} rounds`,
    );
    console.log(detailTable(cases, times, peer !== null));
    return cases.flatMap((one, index) => compare(one, times[index]));
  } finally {
    peer?.close();
  }
}

/** Throws a UserError for a name that is no algorithm's. */
function chosenCases(only: string | undefined): readonly AlgorithmCase[] {
  if (only === undefined) return ALGORITHM_CASES;
  const names = only.split(',');
  const timed = [...new Set<string>(ALGORITHM_CASES.map(({ algorithm }) => algorithm))];
  const unknown = names.find((name) => !timed.includes(name));
  if (unknown !== undefined)
    throw new UserError(`--only: there is no algorithm "${unknown}" to time; there are: ${timed.join(', ')}`);
  return ALGORITHM_CASES.filter(({ algorithm }) => names.includes(algorithm));
}

async function race(
  one: AlgorithmCase,
  rounds: number,
  threads: number,
  peer: PythonPeer | null,
): Promise<Times> {
  const algorithm = algorithmOf(one.algorithm);
  const shared = {
    actorFeatures: FEATURES,
    criticFeatures: FEATURES,
    vaeFeatures: FEATURES,
    actorLayerNorm: false,
    criticLayerNorm: false,
  };
  const known = Object.entries(shared).filter(([option]) => option in algorithm.options.shape);
  const chosen = { ...Object.fromEntries(known), ...one.options };
  const agent = await createLearner(algorithm, chosen, SIZES, { seed: 0, threads });
  const batchesOf = (updates: number) => randomBatches(updates, 1, SIZES, agent.columns);
  const ours = (batches: TransitionBatches, updates: number) =>
    millisecondsEach(updates, () => agent.update(batches, one.phase));
  const request = { algorithm: one.algorithm, samples: one.samples };
  const times: Times = { ours: [], peer: [[], []] };
  try {
    const updates = updatesOf(await warmUp((count) => ours(batchesOf(count), count)));
    const batches = batchesOf(updates);
    const peerUpdates = peer
      ? updatesOf(
          await warmUp((count) => peer.millisecondsPerUpdate({ ...request, threads: 1, updates: count })),
        )
      : 0;
    for (let round = 0; round < rounds; round++) {
      times.ours.push(await ours(batches, updates));
      for (const peerThreads of peer ? [1, 2] : []) {
        const asked = { ...request, threads: peerThreads, updates: peerUpdates };
        times.peer[peerThreads - 1].push(await peer!.millisecondsPerUpdate(asked));
      }
    }
  } finally {
    await agent.dispose();
  }
  return times;
}

/** The milliseconds of an update after the first few, in which things are compiled and allocated. */
async function warmUp(update: (count: number) => Promise<number>): Promise<number> {
  await update(2);
  return update(4);
}

function updatesOf(millisecondsEach: number): number {
  return Math.max(2, Math.round(MEASURED_MS / millisecondsEach));
}

function detailTable(cases: readonly AlgorithmCase[], times: readonly Times[], withPeer: boolean): string {
  const head = [
    ...['algorithm', 'update ms'],
    ...(withPeer ? ['d3rlpy ms, 1 thread', '2 threads', 'update / d3rlpy'] : []),
  ];
  const table = new Table({
    head,
    style: { head: [], border: [] },
    colAligns: head.map((_, column) => (column === 0 ? 'left' : 'right')),
  });
  for (const [index, { name }] of cases.entries()) {
    const { ours, peer } = times[index];
    const better = betterOf(peer);
    const beside = better
      ? [median(peer[0]).toFixed(2), median(peer[1]).toFixed(2), medianRatio(ours, better).toFixed(2)]
      : ['', '', ''];
    table.push([name, median(ours).toFixed(2), ...(withPeer ? beside : [])]);
  }
  return table.toString();
}

function compare({ name }: AlgorithmCase, { ours, peer }: Times): Comparison[] {
  const better = betterOf(peer);
  if (!better) return [];
  return [
    {
      name: `update, ${name}`,
      milliseconds: median(ours),
      other: 'd3rlpy',
      otherMilliseconds: median(better),
      ratio: medianRatio(ours, better),
    },
  ];
}

/** The peer's times with the number of threads that suits it; null without the peer. */
function betterOf([one, two]: Times['peer']): number[] | null {
  if (one.length === 0) return null;
  return median(one) <= median(two) ? one : two;
}
