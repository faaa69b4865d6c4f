import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import { Command, Option } from 'commander';
import { UserError } from '../errors.js';
import { writeFileAtomic } from '../files/atomic.js';
import { checkWritable } from '../files/folders.js';
import { expandHome } from '../files/paths.js';
import { fileExists } from '../files/reading.js';
import { learningCurves } from '../plot/figure.js';
import { groupByConfig, groupByLabel } from '../plot/grouping.js';
import { type MeanCurve, meanCurve } from '../plot/mean_curve.js';
import { type RunCurve, readRunCurve, X_AXES, type XAxis } from '../plot/run_curve.js';
import { titleOfX } from '../plot/style.js';
import { findRuns } from '../runs/find_runs.js';
import { picturePath } from './arguments.js';

interface Flags {
  out: string;
  metric?: string;
  x: XAxis;
  groupBy: string[];
  overwrite: boolean;
}

/** The command `rlpd plot <[label=]run…> --out curves.png`. */
export function plotCommand(): Command {
  return new Command('plot')
    .description('draw learning curves: mean and spread over seeds')
    .argument(
      '<runs...>',
      'run folders, or folders of runs such as a sweep; label=folder names a curve, or all are grouped by what they ' +
        'changed besides the seed',
    )
    .requiredOption('--out <file>', 'the picture to write: .svg or .png', picturePath)
    .option('--metric <name>', 'a metric of metrics.jsonl (default: the success that the task is judged by)')
    .addOption(new Option('--x <axis>', 'what it is drawn over').choices(X_AXES).default('env_steps'))
    .option('--group-by <keys>', 'config keys that tell the curves apart: rlpd.num_qs,rlpd.tau', keyList, [])
    .option('--overwrite', 'replace a picture that exists', false)
    .action(plot);
}

async function plot(words: string[], { out, metric: wanted, x, groupBy, overwrite }: Flags): Promise<void> {
  if (!overwrite && (await fileExists(out))) {
    throw new UserError(`${out} exists: give --overwrite to replace it, or another name`);
  }
  checkWritable(out);
  const sources = words.map(parseSource);
  const labelled = sources.filter((source) => source.label !== null).length;
  if (labelled > 0 && (labelled < sources.length || groupBy.length > 0)) {
    throw new UserError('give every run a label, or none; and --group-by only without labels');
  }
  const runs = sources.flatMap(({ label, path }) =>
    readCurves(path, wanted ?? null, x).map((run) => ({ label: label ?? '', run })),
  );
  const metric = commonMetric(runs.map(({ run }) => run));
  const groups =
    labelled > 0
      ? groupByLabel(runs)
      : groupByConfig(
          runs.map(({ run }) => run),
          groupBy,
        );
  const curves = groups.map(meanCurve);
  for (const note of alignmentNotes(curves)) console.log(note);
  // Loaded only here: the drawing libraries would double the start of every other command.
  const { PNG_FONT, renderPng, renderSvg, SVG_FONT } = await import('../plot/render.js');
  const isPng = extname(out) === '.png';
  const xTitle = titleOfX(
    x,
    runs.map(({ run }) => run),
  );
  const spec = learningCurves(curves, { metric, x, xTitle, font: isPng ? PNG_FONT : SVG_FONT });
  await writeFileAtomic(out, isPng ? await renderPng(spec) : await renderSvg(spec));
  console.log(`${out}: ${metric} of ${runs.length} runs in ${curves.length} curves`);
}

/**
 * The curves of a run or of the runs in a folder. A single run must have the metric; of several, those that don't are
 * named and left out.
 */
function readCurves(path: string, metric: string | null, x: XAxis): RunCurve[] {
  const paths = findRuns(path);
  if (paths.length === 0) throw new UserError(`${path}: no runs there`);
  if (paths.length === 1) return [readRunCurve(paths[0], metric, x)];
  const problems: string[] = [];
  const curves = paths.flatMap((run) => {
    try {
      return [readRunCurve(run, metric, x)];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(error.message);
      return [];
    }
  });
  if (curves.length === 0) throw new UserError(problems.join('\n'));
  for (const problem of problems) console.log(`left out: ${problem}`);
  return curves;
}

/** The metric of all curves. Throws a UserError if they have several. */
function commonMetric(curves: readonly RunCurve[]): string {
  const [metric, ...others] = new Set(curves.map((curve) => curve.metric));
  if (others.length === 0) return metric;
  throw new UserError(
    `tasks of these runs are judged by ${[metric, ...others].join(' and ')}: choose one with --metric`,
  );
}

/** Notes for the reader on how runs of different length or spacing were brought together. */
function alignmentNotes(curves: readonly MeanCurve[]): string[] {
  const notes = curves.flatMap(({ label, points, endedBy }) =>
    endedBy
      ? [
          `"${label}" is drawn up to ${Math.round(points.at(-1)!.x).toLocaleString('en-US')}, where ${endedBy} ends`,
        ]
      : [],
  );
  if (curves.some(({ interpolated }) => interpolated)) {
    notes.push('where the runs of a curve have points at different places, they are interpolated linearly');
  }
  return notes;
}

function parseSource(word: string): { label: string | null; path: string } {
  const at = word.indexOf('=');
  if (at < 1 || existsSync(word) || word.startsWith('~')) return { label: null, path: expandHome(word) };
  return { label: word.slice(0, at), path: expandHome(word.slice(at + 1)) };
}

function keyList(text: string): string[] {
  return text.split(',').map((key) => key.trim());
}
