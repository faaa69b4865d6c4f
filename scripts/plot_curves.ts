import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Command } from 'commander';
import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { UserError } from '../src/errors.js';
import { readMetricsFile } from '../src/logging/metrics_file.js';

interface CurvePoint {
  recipe: string;
  run: string;
  env_steps: number;
  success: number;
}

/** The evaluations of a run as points of the curve `recipe`. Throws a UserError if it holds none. */
function curveOf(recipe: string, runPath: string): CurvePoint[] {
  const rows = readMetricsFile(join(runPath, 'metrics.jsonl'));
  const points = rows.flatMap((row) => {
    const success = row['eval/success_at_end'];
    return typeof success === 'number'
      ? [{ recipe, run: basename(runPath), env_steps: row.env_steps, success }]
      : [];
  });
  if (points.length === 0) throw new UserError(`${runPath}: no evaluations in metrics.jsonl`);
  return points;
}

/** Success over environment steps: one line a run, one colour a recipe. */
function learningCurves(points: CurvePoint[]): TopLevelSpec {
  return {
    background: 'white',
    width: 560,
    height: 280,
    data: { values: points },
    mark: { type: 'line', point: { size: 18 }, strokeWidth: 1.6 },
    encoding: {
      x: { field: 'env_steps', type: 'quantitative', title: 'environment steps', axis: { grid: false } },
      y: {
        field: 'success',
        type: 'quantitative',
        title: 'success at the end of an episode',
        scale: { domain: [0, 1] },
      },
      color: {
        field: 'recipe',
        type: 'nominal',
        title: null,
        legend: { orient: 'bottom', columns: 1, labelLimit: 560 },
      },
      detail: { field: 'run', type: 'nominal' },
    },
    config: {
      font: 'sans-serif',
      axis: { labelFontSize: 11, titleFontSize: 12 },
      legend: { labelFontSize: 11 },
    },
  };
}

const program = new Command('plot_curves')
  .description('Draws the learning curves of runs as an SVG')
  .argument('<recipe=run...>', 'a label and a run folder, such as "default=exps/rlpd-PickCube-v1-0"')
  .option('--out <file>', 'where to write the picture', 'exps/learning_curves.svg')
  .action(async (runs: string[], options: { out: string }) => {
    const points = runs.flatMap((run) => {
      const at = run.indexOf('=');
      if (at < 1) throw new UserError(`"${run}": expected label=run_folder`);
      return curveOf(run.slice(0, at), run.slice(at + 1));
    });
    const view = new View(parse(compile(learningCurves(points)).spec), { renderer: 'none' });
    writeFileSync(options.out, await view.toSVG());
    console.log(`${options.out}: ${points.length} evaluations of ${runs.length} runs`);
  });

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
}
