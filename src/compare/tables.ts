import { knownEnvironment } from '../../envs/registry.js';
import { consoleTable } from '../console_table.js';
import { csvText } from '../csv.js';
import { duration } from '../duration.js';
import { evaluationEpisodes } from '../training/evaluation/evaluation_envs.js';
import { plannedSteps } from '../training/phases/schedules.js';
import { stepsText } from '../training/run_progress.js';
import { type Comparison, recipeOf } from './grid.js';
import { type ComparedCell, measureWords, spreadText } from './results.js';

/** The results of a comparison for the console, a row for each algorithm on each dataset. */
export function comparisonTable(cells: readonly ComparedCell[]): string {
  return consoleTable({
    head: ['algorithm', 'finished', { long: 'mean of last 5', short: 'last 5' }, 'best', 'time', 'updates'],
    rows: cells.map((cell) => [
      `${cell.algorithm} on ${cell.dataset.label}, ${measureWords(cell.measure)}`,
      `${cell.finished} of ${cell.seeds}`,
      spreadText(cell.measure, cell.final),
      spreadText(cell.measure, cell.best),
      cell.seconds ? duration(cell.seconds.mean) : '-',
      updatesText(cell),
    ]),
  });
}

/** The page `compare.md`: algorithms by datasets, and how the figures were made, by the command `command`. */
export function comparisonPage(
  { algorithms, datasets, seeds, points }: Comparison,
  cells: readonly ComparedCell[],
  command: string,
): string {
  const rowOf = (algorithm: string) => cells.filter((cell) => cell.algorithm === algorithm);
  const measures = rowOf(algorithms[0]).map(({ measure }) => measureWords(measure));
  const head = datasets.map(({ label }, i) => `${label}<br>${measures[i]}`);
  const line = (texts: readonly string[]) => `| ${texts.join(' | ')} |`;
  const { config } = points[0];
  const { eval_freq: every, discount } = config.train;
  return `# ${algorithms.join(', ')} on ${datasets.map(({ label }) => label).join(', ')}

${line(['algorithm', ...head])}
${line(['---', ...head.map(() => '---')])}
${algorithms.map((algorithm) => line([algorithm, ...rowOf(algorithm).map(pageCell)])).join('\n')}

In bold the mean of a run's last five evaluations (of all if there are fewer), over the seeds ${seeds.join(', ')}: mean ± sample
standard deviation. Below it the runs' best evaluation in the same way, and the mean of their wall-clock time and updates.

- Every run: ${stepsText(plannedSteps(config.train), grouped)}, all episodes of its dataset, discount ${discount}.
- Every evaluation: the same ${evaluationEpisodes(config)} episodes for all, every ${grouped(every)} steps, by the policy's most likely actions.
- Batch sizes, networks and other options are each recipe's: ${algorithms.map((algo) => `${algo} ${recipeOf(algo)}`).join(', ')}.
${datasets.map(({ label, path, envId }) => `- ${label}: ${path}, evaluated in ${envId}${scale(envId)}.`).join('\n')}

\`\`\`sh
${command}
\`\`\`
`;
}

/** The file `compare.csv`: a row for each algorithm on each dataset. */
export function comparisonCsv(cells: readonly ComparedCell[]): string {
  const rows = cells.map(({ algorithm, dataset, measure, seeds, finished, ...spreads }) => ({
    algorithm,
    dataset: dataset.label,
    dataset_path: dataset.path,
    environment: dataset.envId,
    measure,
    seeds,
    finished,
    final_mean: spreads.final?.mean ?? null,
    final_std: spreads.final?.std ?? null,
    best_mean: spreads.best?.mean ?? null,
    best_std: spreads.best?.std ?? null,
    minutes: spreads.seconds && spreads.seconds.mean / 60,
    updates: spreads.updates?.mean ?? null,
  }));
  return csvText(Object.keys(rows[0]), rows);
}

function pageCell(cell: ComparedCell): string {
  const { measure, final, best, seconds, seeds, finished } = cell;
  if (!seconds) return '-';
  const minutes = `${(seconds.mean / 60).toFixed(1)} min`;
  const lines = [`**${spreadText(measure, final)}**`, `best ${spreadText(measure, best)}`, minutes];
  const missing = finished < seeds ? [`${finished} of ${seeds} seeds`] : [];
  return [...lines, `${updatesText(cell)} updates`, ...missing].join('<br>');
}

function updatesText({ updates }: ComparedCell): string {
  return updates ? grouped(Math.round(updates.mean)) : '-';
}

function grouped(number: number): string {
  return number.toLocaleString('en-US');
}

/** The ends of an environment's normalised scores, in words. */
function scale(envId: string): string {
  const scores = knownEnvironment(envId)?.referenceScores;
  return scores
    ? `, where a return of ${scores.random} is 0 and ${scores.expert} is 100 (${scores.source})`
    : '';
}
