import { relative } from 'node:path';
import type { Measure } from '../../envs/success.js';
import { plannedSteps } from '../training/phases/schedules.js';
import { findRuns } from './find_runs.js';
import { IDENTITY_KEYS, RecipeBook } from './recipe.js';
import { type RunRecord, type RunState, readRun } from './run_record.js';

/** One run of a listing, with the names that `rlpd runs --json` prints. */
export interface ListedRun {
  name: string;
  path: string;
  status: RunState | 'broken';
  /** The reason why it failed, or the problem with its folder. */
  problem: string | null;
  task: string | null;
  seed: number | null;
  /** The steps made, and those of the whole training, each null if nothing is known of them. */
  clone_steps: number | null;
  total_clone_steps: number | null;
  offline_steps: number | null;
  total_offline_steps: number | null;
  env_steps: number | null;
  total_env_steps: number | null;
  /** The measure of the two scores, and by which runs are sorted: as the task is judged. */
  judged_by: Measure | null;
  best_score: number | null;
  /** Offline updates and env steps before the first evaluation with the best score. */
  best_at_steps: number | null;
  last_score: number | null;
  /** The mean of the last five evaluations, or of all if there are fewer. */
  final_score: number | null;
  /** The final and the best score between random, 0, and expert, 100; null where the task has no reference scores. */
  final_normalized: number | null;
  best_normalized: number | null;
  /** Wall-clock seconds over all its starts. */
  seconds: number | null;
  /** The nearest recipe of `configs/`. */
  recipe: string | null;
  /** Differences from the recipe, by dotted key. */
  overrides: Record<string, unknown>;
}

/** Quantities that a listing can be sorted by; numbers come largest first, runs without one last. */
export const SORT_KEYS = ['name', 'status', 'success', 'last', 'steps', 'time', 'seed'] as const;
export type SortKey = (typeof SORT_KEYS)[number];

/** Keys that are shown in columns of their own. */
const COLUMN_KEYS = ['env.env_id', 'train.offline_steps', 'train.steps'];

/** Lists the runs at or below `workspace`. A broken folder is listed with its problem. */
export function listRuns(workspace: string, sort: SortKey): ListedRun[] {
  const recipes = new RecipeBook([...IDENTITY_KEYS, ...COLUMN_KEYS]);
  return sortRuns(
    findRuns(workspace).map((path) => {
      const name = relative(workspace, path) || path;
      try {
        return listed(name, readRun(path), recipes);
      } catch (error) {
        return broken(name, path, error instanceof Error ? error.message : String(error));
      }
    }),
    sort,
  );
}

function listed(
  name: string,
  { folder, config, state, error, results }: RunRecord,
  book: RecipeBook,
): ListedRun {
  const { recipe, overrides } = book.compare(config);
  const planned = plannedSteps(config.train);
  return {
    name,
    path: folder.path,
    status: state,
    problem: error,
    task: config.env.env_id ?? '-',
    seed: config.seed,
    clone_steps: results.cloneSteps,
    total_clone_steps: planned.cloneSteps,
    offline_steps: results.offlineSteps,
    total_offline_steps: planned.offlineSteps,
    env_steps: results.envSteps,
    total_env_steps: planned.envSteps,
    judged_by: results.judgedBy,
    best_score: results.best?.score ?? null,
    best_at_steps: results.best?.steps ?? null,
    last_score: results.lastScore,
    final_score: results.finalScore,
    final_normalized: results.normalized?.final ?? null,
    best_normalized: results.normalized?.best ?? null,
    seconds: results.seconds,
    recipe,
    overrides: Object.fromEntries([...overrides].map(([key, json]) => [key, JSON.parse(json)])),
  };
}

function broken(name: string, path: string, problem: string): ListedRun {
  return {
    name,
    path,
    status: 'broken',
    problem,
    task: null,
    seed: null,
    clone_steps: null,
    total_clone_steps: null,
    offline_steps: null,
    total_offline_steps: null,
    env_steps: null,
    total_env_steps: null,
    judged_by: null,
    best_score: null,
    best_at_steps: null,
    last_score: null,
    final_score: null,
    final_normalized: null,
    best_normalized: null,
    seconds: null,
    recipe: null,
    overrides: {},
  };
}

const STATUS_ORDER: readonly ListedRun['status'][] = [
  'running',
  'finished',
  'interrupted',
  'failed',
  'broken',
];

/** Sorts runs by a key. Array.sort is stable: runs that are equal stay in the order of their names. */
function sortRuns(runs: ListedRun[], key: SortKey): ListedRun[] {
  const descending = (value: (run: ListedRun) => number | null) =>
    runs.sort((one, other) => (value(other) ?? -1) - (value(one) ?? -1));
  switch (key) {
    case 'name':
      return runs;
    case 'status':
      return runs.sort((one, other) => STATUS_ORDER.indexOf(one.status) - STATUS_ORDER.indexOf(other.status));
    case 'success':
      return descending((run) => run.best_score);
    case 'last':
      return descending((run) => run.last_score);
    case 'steps':
      return descending((run) => (run.env_steps === null ? null : run.offline_steps! + run.env_steps));
    case 'time':
      return descending((run) => run.seconds);
    case 'seed':
      return runs.sort((one, other) => (one.seed ?? Infinity) - (other.seed ?? Infinity) || 0);
  }
}
