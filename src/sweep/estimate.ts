import { existsSync } from 'node:fs';
import type { AlgorithmName } from '../config/algorithm_sections.js';
import { onlineAlgorithm, sectionOf } from '../config/chosen_algorithm.js';
import type { Config } from '../config/schema.js';
import { median } from '../median.js';
import { findRuns } from '../runs/find_runs.js';
import { type RunRecord, readRun } from '../runs/run_record.js';
import { gradUpdatesUpTo, plannedSteps } from '../training/phases/schedules.js';
import type { Steps } from '../training/run_progress.js';
import type { PlannedPoint } from './plan.js';
import { earlierProgress } from './point_progress.js';

/**
 * Seconds that the trainings take, about, `workers` at a time, by the pace of the finished runs in `workspace`; null if
 * there are none.
 */
export function estimateSeconds(
  points: readonly PlannedPoint[],
  workers: number,
  workspace: string,
): { seconds: number; numRuns: number } | null {
  const paces = finishedPaces(workspace);
  if (paces.length === 0) return null;
  const each = points.map((point) => workLeft(point) * median(paces));
  const total = each.reduce((sum, seconds) => sum + seconds, 0);
  return { seconds: Math.max(total / workers, ...each), numRuns: paces.length };
}

/** Seconds per unit of work of the finished runs. */
function finishedPaces(workspace: string): number[] {
  if (!existsSync(workspace)) return [];
  return findRuns(workspace)
    .flatMap(readIfWhole)
    .filter(({ state }) => state === 'finished')
    .map(({ config, results }) => results.seconds / trainingWork(config, results))
    .filter((pace) => Number.isFinite(pace) && pace > 0);
}

function workLeft(point: PlannedPoint): number {
  const { config } = point;
  return trainingWork(config, plannedSteps(config.train)) - trainingWork(config, earlierProgress(point));
}

/**
 * The learner's work in these steps of a training, in rows of a batch through one network: the actor and each critic
 * count alike. The physics are less than a tenth of it.
 */
function trainingWork(config: Config, { cloneSteps, offlineSteps, envSteps }: Steps): number {
  const { train } = config;
  const offline = offlineSteps * networksOf(config, config.algo);
  const online = gradUpdatesUpTo(config, envSteps) * networksOf(config, onlineAlgorithm(config));
  return (offline + online + cloneSteps) * train.batch_size;
}

/** The networks that an update of an algorithm trains. */
function networksOf(config: Config, algo: AlgorithmName): number {
  const { num_qs: numQs = 1, actor_update_freq: actorUpdateFreq = 1 } = sectionOf(config, algo);
  return Number(numQs) + 1 / Number(actorUpdateFreq);
}

function readIfWhole(path: string): RunRecord[] {
  try {
    return [readRun(path)];
  } catch {
    return []; // `rlpd runs` tells what is wrong with it
  }
}
