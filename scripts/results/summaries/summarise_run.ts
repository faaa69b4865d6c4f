import { asSuccess } from '../../../envs/success.js';
import { chosenOutcome } from '../../../src/buffers/demo_buffer.js';
import { openDataset } from '../../../src/datasets/registry.js';
import { fileExists } from '../../../src/files/reading.js';
import type { MetricsRow } from '../../../src/logging/metrics_file.js';
import { readRows, readRun } from '../../../src/runs/run_record.js';
import { datasetPaths, demoChoice } from '../../../src/training/dataset/run_dataset.js';
import type { RowPoint } from '../points.js';
import type { TrainingRow } from '../rows/row.js';
import { readStart, type StartRecord } from '../start_record.js';
import { firstReached, TARGET } from '../statistics.js';
import type { EvaluationSummary, RunSummary } from './summary_files.js';

/** The summary of the run in the folder `runPath`, finished or not. Throws a UserError if the folder is damaged. */
export async function summariseRun(row: TrainingRow, point: RowPoint, runPath: string): Promise<RunSummary> {
  const start = readStart(runPath);
  const run = readRun(runPath);
  const evaluations = readRows(run.folder).flatMap((metrics) => evaluationOf(metrics, start.startup ?? 0));
  const [path] = datasetPaths(run.config, run.folder);
  const { commit, version, machine, starts, spent } = start;
  return {
    variant: point.variant,
    seed: point.seed,
    state: stateOf(row, run.state, start),
    error: run.error,
    command: start.command,
    commit,
    version,
    machine,
    starts,
    seconds: spent,
    envSteps: run.results.envSteps,
    demonstrations: (await fileExists(path)) ? await demonstrations(path, demoChoice(run.config)) : null,
    reached: firstReached(asSuccess(run.results.judgedBy), evaluations, TARGET),
    evaluations,
  };
}

/** Replaces older summaries by new ones of the same runs. Leaves out those that the row no longer has. */
export function mergeSummaries(
  { variants, seeds }: TrainingRow,
  older: readonly RunSummary[],
  newer: readonly RunSummary[],
): RunSummary[] {
  const all = [...newer, ...older];
  return variants.flatMap(({ name }) =>
    seeds.flatMap((seed) => all.find((run) => run.variant === name && run.seed === seed) ?? []),
  );
}

function stateOf(
  { limitMinutes }: TrainingRow,
  state: ReturnType<typeof readRun>['state'],
  { spent }: StartRecord,
): RunSummary['state'] {
  if (state === 'finished' || state === 'failed') return state;
  return limitMinutes !== null && spent >= 60 * limitMinutes ? 'time limit' : 'interrupted';
}

async function demonstrations(path: string, choice: ReturnType<typeof demoChoice>) {
  const dataset = await openDataset(path);
  try {
    const { episodes, successes, medianFirstSuccess } = await chosenOutcome(dataset, choice);
    // Demonstrations in ManiSkill's format all say whether they succeed.
    return { episodes, successes: successes!, medianFirstSuccess };
  } finally {
    dataset.close();
  }
}

function evaluationOf(metrics: MetricsRow, startup: number): EvaluationSummary[] {
  const successAtEnd = metrics['eval/success_at_end'];
  if (typeof successAtEnd !== 'number') return [];
  return [
    {
      envSteps: metrics.env_steps,
      seconds: Number((metrics.seconds + startup).toFixed(3)),
      episodes: metrics['eval/episodes']!,
      successAtEnd,
      successOnce: metrics['eval/success_once']!,
      firstSuccessStep: metrics['eval/first_success_step_median'],
    },
  ];
}
