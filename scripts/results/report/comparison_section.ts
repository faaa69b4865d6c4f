import type { ComparedData, ComparisonBlock, ComparisonRow } from '../rows/row.js';
import type { ComparisonRun } from '../summaries/comparison_files.js';
import type { PeerFigures } from '../summaries/peer_figures.js';
import { TIERS } from '../tiers/tiers.js';
import { markdownTable, shareText } from './formatting.js';

const NOT_RUN = '-';

/**
 * The commands of a comparison, one for each environment and choice of settings: blocks that differ in their algorithms alone are one
 * command.
 */
export function comparisonCommands({ blocks }: ComparisonRow): string[] {
  const algorithms = new Map<string, string[]>();
  for (const block of blocks) {
    for (const envId of environmentsOf([block])) {
      const paths = block.datasets.filter((data) => data.envId === envId).map(({ path }) => path);
      const lists = [`datasets=${paths.join(',')}`, `seeds=${block.seeds.join(',')}`, `env.env_id=${envId}`];
      const words = block.overrides.map((word) => (word.includes(' ') ? `'${word}'` : word));
      const setting = [...lists, ...words].join(' ');
      algorithms.set(setting, [...(algorithms.get(setting) ?? []), ...block.algorithms]);
    }
  }
  return [...algorithms].map(
    ([setting, names]) => `npm run rlpd -- compare algorithms=${names.join(',')} ${setting}`,
  );
}

/** The tables of a comparison, with their headings. Cells of what was not trained yet are empty. */
export function comparisonTables(
  row: ComparisonRow,
  runs: readonly ComparisonRun[],
  peers: readonly PeerFigures[],
): string[] {
  const finished = runs.filter(({ state }) => state === 'finished');
  return row.layout === 'list' ? [listTable(row, finished, peers)] : tierTables(row, finished);
}

/** A table for each task: algorithms by tiers, and how much of the data succeeds. */
function tierTables({ blocks }: ComparisonRow, runs: readonly ComparisonRun[]): string[] {
  return environmentsOf(blocks).map((envId) => {
    const own = blocks.filter(({ datasets }) => datasets.some((data) => data.envId === envId));
    const datasets = uniqueData(own).filter((data) => data.envId === envId);
    const shown = TIERS.flatMap((tier) => datasets.filter((data) => data.tier === tier));
    const algorithms = [...new Set(own.flatMap((block) => block.algorithms))];
    return markdownTable(
      [`${envId}: success of`, ...shown.map(({ tier }) => tier!)],
      [
        ['the data themselves', ...shown.map(({ label }) => dataText(runs, label))],
        ...algorithms.map((algorithm) => [
          `\`${algorithm}\``,
          ...shown.map(({ label }) => successText(cellOf(runs, algorithm, label))),
        ]),
      ],
    );
  });
}

/** The share of episodes of a dataset that succeed, and how many there are. */
function dataText(runs: readonly ComparisonRun[], label: string): string {
  const data = runs.find(({ dataset }) => dataset === label)?.data;
  if (!data || data.successes === null) return NOT_RUN;
  return `${shareText(data.successes / data.episodes)} of ${data.episodes}`;
}

function successText(runs: readonly ComparisonRun[]): string {
  return spreadOf(
    runs.map(({ last }) => last),
    2,
  );
}

/** A line for each algorithm on each dataset, beside those of other programs. */
function listTable(
  { blocks }: ComparisonRow,
  runs: readonly ComparisonRun[],
  peers: readonly PeerFigures[],
): string {
  const lines = uniqueData(blocks).flatMap(({ label }) => {
    const algorithms = blocks
      .filter(({ datasets }) => datasets.some((data) => data.label === label))
      .flatMap((block) => block.algorithms);
    return [...new Set(algorithms)].map((algorithm) => {
      const cell = cellOf(runs, algorithm, label);
      const peer = peers.find((figures) => figures.dataset === label && figures.algorithm === algorithm);
      return [
        label,
        `\`${algorithm}\``,
        cell.length === 0 ? NOT_RUN : String(cell.length),
        spreadOf(
          cell.map(({ last }) => last),
          0,
        ),
        spreadOf(
          cell.map(({ final }) => final),
          0,
        ),
        spreadOf(
          cell.map(({ normalized }) => normalized),
          1,
        ),
        spreadOf(
          cell.map(({ seconds }) => seconds / 60),
          1,
        ),
        peer ? spreadOf(peer.returns, 0) : NOT_RUN,
        peer ? spreadOf(peer.cpuMinutes, 1) : NOT_RUN,
      ];
    });
  });
  const head = [
    'data',
    'algorithm',
    'seeds',
    'return at the end',
    'mean of the last five',
    'the same, normalised',
    'minutes',
    'd3rlpy: return at the end',
    'd3rlpy: minutes of CPU, training alone',
  ];
  return markdownTable(head, lines);
}

/** `3.4 ± 0.5`: the mean and the sample's deviation, `-` without a value. */
function spreadOf(entries: readonly (number | null)[], digits: number): string {
  const values = entries.filter((value) => value !== null);
  if (values.length === 0) return NOT_RUN;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length === 1) return mean.toFixed(digits);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return `${mean.toFixed(digits)} ± ${Math.sqrt(squares / (values.length - 1)).toFixed(digits)}`;
}

function cellOf(runs: readonly ComparisonRun[], algorithm: string, label: string): ComparisonRun[] {
  return runs.filter((run) => run.algorithm === algorithm && run.dataset === label);
}

function environmentsOf(blocks: readonly ComparisonBlock[]): string[] {
  return [...new Set(blocks.flatMap(({ datasets }) => datasets.map(({ envId }) => envId)))];
}

function uniqueData(blocks: readonly ComparisonBlock[]): ComparedData[] {
  const all = blocks.flatMap(({ datasets }) => datasets);
  return all.filter(({ label }, i) => all.findIndex((data) => data.label === label) === i);
}
