import { Command } from 'commander';
import { printResult } from '../console.js';
import {
  compareDatasets,
  type DatasetComparison,
  type EpisodePair,
} from '../datasets/comparison/compare_datasets.js';
import type { EpisodeDifference } from '../datasets/comparison/episode_differences.js';
import type { Dataset } from '../datasets/dataset.js';
import { formatsText, openDataset } from '../datasets/registry.js';
import { named } from '../datasets/wording.js';
import { path } from './arguments.js';
import { counted } from './data_description.js';
import { withReadingProgress } from './reading_progress.js';

/** The command `rlpd data diff <a> <b>`. */
export function dataDiffCommand(): Command {
  return new Command('diff')
    .description(
      'tell whether two datasets hold the same episodes, in whatever formats and order, and where they differ; exit code 1 if they do',
    )
    .argument('<a>', `a dataset: ${formatsText()}`, path)
    .argument('<b>', 'another', path)
    .option(
      '--common',
      'compare what both have: what one lacks (seeds, metadata, further arrays, flags before the last step), and types of the same numbers, are no difference',
      false,
    )
    .action(async (pathA: string, pathB: string, { common }: { common: boolean }) => {
      await withReadingProgress(async (options) => {
        const a = await openDataset(pathA);
        try {
          const b = await openDataset(pathB);
          try {
            const comparison = await compareDatasets(a, b, { ...options, common });
            if (!comparison.same) process.exitCode = 1;
            await printResult(report(comparison, a, b));
          } finally {
            b.close();
          }
        } finally {
          a.close();
        }
      });
    });
}

/** Episodes whose differences are shown; all are counted. */
const MAX_SHOWN = 5;

function report(
  { same, inOrder, equal, differing, only }: DatasetComparison,
  a: Dataset,
  b: Dataset,
): string {
  const [nameA, nameB] = [a.head.path, b.head.path];
  const order = inOrder ? '' : ', in another order';
  if (same) return `the same ${counted(equal, 'episode')} in ${nameA} and ${nameB}${order}`;
  const lacking = (dataset: Dataset, places: readonly number[]) =>
    places.length === 0
      ? []
      : [
          `only in ${dataset.head.path}: ${counted(places.length, 'episode')}: ${named(places.map((place) => dataset.head.ids[place]))}`,
        ];
  const rest = differing.length - MAX_SHOWN;
  return [
    ...differing.slice(0, MAX_SHOWN).flatMap((pair) => pairLines(pair, a, b)),
    ...(rest > 0 ? [`${counted(rest, 'more episode')} differ${rest === 1 ? 's' : ''}`] : []),
    ...lacking(a, only.a),
    ...lacking(b, only.b),
    `${counted(equal, 'episode')} the same, ${differing.length} different, ${only.a.length} only in ${nameA}, ` +
      `${only.b.length} only in ${nameB}${order}`,
  ].join('\n');
}

function pairLines({ a: placeA, b: placeB, differences }: EpisodePair, a: Dataset, b: Dataset): string[] {
  const [idA, idB] = [a.head.ids[placeA], b.head.ids[placeB]];
  const title = idA === idB ? idA : `${idA} and ${idB}`;
  return [`${title}:`, ...differences.map((difference) => `  ${differenceText(difference, a, b)}`)];
}

function differenceText(difference: EpisodeDifference, a: Dataset, b: Dataset): string {
  const { part } = difference;
  const versus = (values: readonly [unknown, unknown]) =>
    `${values[0]} in ${a.head.path}, ${values[1]} in ${b.head.path}`;
  switch (difference.kind) {
    case 'only':
      return `${part}: only in ${(difference.in === 'a' ? a : b).head.path}`;
    case 'values':
      return `${part}: ${versus(difference.values)}`;
    case 'column': {
      const { types, rows, differing, first } = difference.column;
      const place = first && `row ${first.row}, number ${first.number}: ${versus(first.values)}`;
      return [
        ...(types ? [`${part} is ${versus(types)}`] : []),
        ...(rows ? [`${part} has ${versus(rows)} rows`] : []),
        ...(place ? [`${part} differs in ${counted(differing, 'row')}, first in ${place}`] : []),
      ].join('\n  ');
    }
  }
}
