import type {
  ComparisonBlock,
  ComparisonRow,
  TrainingRow,
  TransferRow,
} from '../../../scripts/results/rows/row.js';
import { firstReached } from '../../../scripts/results/statistics.js';
import type { ComparisonRun } from '../../../scripts/results/summaries/comparison_files.js';
import type {
  EvaluationSummary,
  RunSummary,
  TransferSummary,
} from '../../../scripts/results/summaries/summary_files.js';

/** A row of two variants and two seeds; `changes` make it another. */
export function rowOf(changes: Partial<TrainingRow> = {}): TrainingRow {
  return {
    kind: 'training',
    id: 'row',
    title: 'A row',
    text: 'What and why.',
    minutes: 3,
    variants: [
      { name: 'one', config: 'configs/base_rlpd_ms3.yml', overrides: [] },
      { name: 'other', config: 'configs/default.yml', overrides: ['rlpd.num_qs=10'] },
    ],
    seeds: [0, 1],
    datasets: [],
    x: 'env_steps',
    picture: 'together',
    overview: null,
    isTimed: true,
    limitMinutes: null,
    ...changes,
  };
}

/** Evaluations of 50 episodes every 1,000 env steps, which take ten seconds. */
export function evaluationsOf(...successes: number[]): EvaluationSummary[] {
  return successes.map((successAtEnd, i) => ({
    envSteps: 1000 * (i + 1),
    seconds: 10 * (i + 1),
    episodes: 50,
    successAtEnd,
    successOnce: successAtEnd,
    firstSuccessStep: successAtEnd > 0 ? 30 - i : null,
  }));
}

/** A finished run of variant `one`, seed 0. */
export function runOf(evaluations: EvaluationSummary[], changes: Partial<RunSummary> = {}): RunSummary {
  const seed = changes.seed ?? 0;
  return {
    variant: 'one',
    seed,
    state: 'finished',
    error: null,
    command: `npm run train -- configs/base_rlpd_ms3.yml seed=${seed}`,
    commit: '0123456789',
    version: '0.1.0',
    machine: { cpu: 'A processor', cores: 2, node: 'v20.19.0' },
    starts: 1,
    seconds: 65,
    envSteps: evaluations.at(-1)?.envSteps ?? 0,
    demonstrations: { episodes: 20, successes: 18, medianFirstSuccess: 25 },
    reached: firstReached('success_at_end', evaluations, 0.95),
    evaluations,
    ...changes,
  };
}

/** The transfer of `rowOf`'s policies, 50 episodes each. */
export const TRANSFER_ROW: TransferRow = {
  kind: 'transfer',
  id: 'moved',
  title: 'Moved',
  text: 'There.',
  minutes: 1,
  source: rowOf(),
  variants: ['one'],
  episodes: 50,
};

/** Result of evaluating one of these policies. */
export const TRANSFER_RESULT: TransferSummary['result'] = {
  env_id: 'PickCube-v1',
  control_mode: 'pd_joint_delta_pos',
  episodes: 50,
  max_episode_steps: 50,
  success_at_end: 0.98,
  success_once: 1,
  first_success_step_median: 24.5,
  versions: { mani_skill: '3.0.1' },
};

/** A comparison of these blocks. */
export function comparisonRowOf(
  blocks: readonly ComparisonBlock[],
  layout: ComparisonRow['layout'] = 'tiers',
): ComparisonRow {
  return { kind: 'comparison', id: 'compared', title: 'Compared', text: 'What.', minutes: 1, blocks, layout };
}

/** A finished training of behaviour cloning on an expert's data, seed 0. */
export function comparedRun(changes: Partial<ComparisonRun> = {}): ComparisonRun {
  const { commit, version, machine } = runOf([]);
  return {
    algorithm: 'bc',
    dataset: 'PickCube-v1-expert',
    seed: 0,
    state: 'finished',
    error: null,
    command: 'npm run rlpd -- compare algorithms=bc',
    commit,
    version,
    machine,
    starts: 1,
    seconds: 60,
    updates: 3000,
    data: { episodes: 200, successes: 100 },
    measure: 'success_at_end',
    last: 0.5,
    final: 0.5,
    normalized: null,
    ...changes,
  };
}
