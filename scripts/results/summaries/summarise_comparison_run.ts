import { chosenOutcome } from '../../../src/buffers/demo_buffer.js';
import { openDataset } from '../../../src/datasets/registry.js';
import { readRun } from '../../../src/runs/run_record.js';
import type { PlannedPoint } from '../../../src/sweep/plan.js';
import { datasetPaths, demoChoice } from '../../../src/training/dataset/run_dataset.js';
import { readStart } from '../start_record.js';
import type { ComparisonRun } from './comparison_files.js';

/** The result of a training of a comparison, finished or not. Throws a UserError if its folder is damaged. */
export async function summariseComparisonRun(
  { path, values }: PlannedPoint,
  command: string,
): Promise<ComparisonRun> {
  const { commit, version, machine, starts, spent } = readStart(path);
  const { folder, config, state, error, results } = readRun(path);
  const dataset = await openDataset(datasetPaths(config, folder)[0]);
  try {
    const { episodes, successes } = await chosenOutcome(dataset, demoChoice(config));
    return {
      algorithm: values['algorithm'],
      dataset: values['dataset'],
      seed: Number(values['seed']),
      state: state === 'finished' || state === 'failed' ? state : 'interrupted',
      error,
      command,
      commit,
      version,
      machine,
      starts,
      seconds: spent,
      updates: results.updates,
      data: { episodes, successes },
      measure: results.judgedBy,
      last: results.lastScore,
      final: results.finalScore,
      normalized: results.normalized?.final ?? null,
    };
  } finally {
    dataset.close();
  }
}
