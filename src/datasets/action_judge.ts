import { actionBounds, actionProblem, boundsProblem } from './action_range.js';
import { isNumbers, rowSize, toFloat32, withNames } from './column.js';
import { type ColumnRange, emptyRange, widenRange } from './column_range.js';
import type { DatasetHead } from './dataset.js';
import type { Episode } from './episode.js';
import { unlearnable } from './learnable.js';

/** Judges by all sound episodes of a dataset whether its actions can be learnt from without a task. */
export class ActionJudge {
  /** Ranges of the action columns that hold numbers, by their full names. */
  private readonly ranges = new Map<string, ColumnRange>();

  constructor(private readonly head: Pick<DatasetHead, 'declared'>) {}

  add({ actions }: Episode): void {
    for (const [name, column] of withNames('actions', actions)) {
      if (!isNumbers(column) || unlearnable('actions', column) !== null) continue;
      const range = this.ranges.get(name) ?? emptyRange(rowSize(column));
      this.ranges.set(name, range);
      widenRange(range, toFloat32(column));
    }
  }

  /** Reasons why no training without a task takes the actions, in sentences. */
  problems(): string[] {
    if (this.ranges.size === 0) return [];
    const ranges = [...this.ranges.values()];
    const range = {
      min: Float32Array.from(ranges.flatMap(({ min }) => [...min])),
      max: Float32Array.from(ranges.flatMap(({ max }) => [...max])),
    };
    const bounds = actionBounds(this.head.declared, [...this.ranges.keys()]);
    const problem = (bounds && boundsProblem(range, bounds)) ?? actionProblem(range, bounds);
    return problem === null ? [] : [problem];
  }
}
