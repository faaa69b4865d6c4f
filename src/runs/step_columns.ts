import type { Cell } from '../console_table.js';
import { countedKinds, STEP_KINDS, STEP_NAMES, type StepKind, type Steps } from '../training/run_progress.js';

/** The steps of one training: those made, and those to be made in all. */
export interface StepCount {
  done: Steps;
  planned: Steps;
}

/** The columns of a table that say how far trainings are: one for each kind of steps that some of them count by. */
export interface StepColumns {
  heads: string[];
  /** A row's cells; null is a training of which nothing is known. */
  cells(count: StepCount | null): Cell[];
}

export function stepColumns(counts: readonly (StepCount | null)[]): StepColumns {
  const counted = new Set(counts.flatMap((count) => (count ? countedKinds(count.planned) : [])));
  const kinds = counted.size === 0 ? (['envSteps'] as const) : STEP_KINDS.filter((kind) => counted.has(kind));
  return {
    heads: kinds.map((kind) => STEP_NAMES[kind]),
    cells: (count) =>
      kinds.map((kind) => (count && countedKinds(count.planned).includes(kind) ? cell(count, kind) : '-')),
  };
}

function cell({ done, planned }: StepCount, kind: StepKind): Cell {
  const [made, all] = [done[kind], planned[kind]].map((steps) => steps.toLocaleString('en-US'));
  return { long: `${made} / ${all}`, short: `${made}/${all}` };
}
