import type { TransferSummary } from '../summaries/summary_files.js';
import { countText, markdownTable, pooledText, shareText } from './formatting.js';

/** A line for each seed, and one for all of them together. */
export function transferTable(runs: readonly TransferSummary[]): string {
  const head = ['seed', 'episodes', 'success at the end', 'success at any step', 'first success, step'];
  const rows = runs.map(({ seed, result }) => [
    String(seed),
    countText(result.episodes),
    pooledText(Math.round(result.success_at_end * result.episodes), result.episodes),
    shareText(result.success_once),
    result.first_success_step_median === null ? 'never' : countText(result.first_success_step_median),
  ]);
  const trials = runs.reduce((total, { result }) => total + result.episodes, 0);
  const total = (share: (result: TransferSummary['result']) => number) =>
    runs.reduce((sum, { result }) => sum + Math.round(share(result) * result.episodes), 0);
  const all = [
    'all',
    countText(trials),
    pooledText(
      total((result) => result.success_at_end),
      trials,
    ),
    shareText(total((result) => result.success_once) / trials),
    '',
  ];
  return markdownTable(head, [...rows, all]);
}

/** Versions of the programs that evaluated: `mani_skill 3.0.1, sapien 3.0.3`. */
export function transferVersions(runs: readonly TransferSummary[]): string {
  const texts = runs.map(({ result }) =>
    Object.entries(result.versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
  );
  return [...new Set(texts)].join('; ');
}
