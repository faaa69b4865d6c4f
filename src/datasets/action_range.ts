import type { ColumnRange } from './column_range.js';
import type { DeclaredColumn } from './dataset.js';

/** Bounds of the numbers of an action; infinite where there are none. */
export type ActionBounds = NonNullable<DeclaredColumn['bounds']>;

/** The bounds of all numbers of an action, as the metadata declare those of its columns `names`; null where they don't. */
export function actionBounds(
  declared: ReadonlyMap<string, DeclaredColumn>,
  names: readonly string[],
): ActionBounds | null {
  const bounds = names.map((name) => declared.get(name)?.bounds ?? null);
  const known = bounds.filter((bound) => bound !== null);
  if (known.length === 0 || known.length < bounds.length) return null;
  return { low: known.flatMap(({ low }) => low), high: known.flatMap(({ high }) => high) };
}

/** The names of the columns of actions that are declared. */
export function actionNames(declared: ReadonlyMap<string, DeclaredColumn>): string[] {
  return [...declared.keys()].filter((name) => name === 'actions' || name.startsWith('actions/'));
}

/** The bounds in which a policy acts: [−1, 1]. */
export function unitBounds(actionDim: number): ActionBounds {
  return { low: new Array<number>(actionDim).fill(-1), high: new Array<number>(actionDim).fill(1) };
}

/** True if bounds are nowhere wider than others, in the precision of float32 that actions mostly have. */
export function isWithin({ low, high }: ActionBounds, outer: ActionBounds): boolean {
  return low.every(
    (lowest, i) =>
      Math.fround(lowest) >= Math.fround(outer.low[i]) && Math.fround(high[i]) <= Math.fround(outer.high[i]),
  );
}

/** Problem of actions that leave the bounds that are declared; null if none do. */
export function boundsProblem({ min, max }: ColumnRange, { low, high }: ActionBounds): string | null {
  // Bounds such as 0.4 are a little larger in float32.
  const beyond = min.findIndex((lowest, i) => lowest < Math.fround(low[i]) || max[i] > Math.fround(high[i]));
  if (beyond < 0) return null;
  return (
    `number ${beyond} of its actions is from ${min[beyond]} to ${max[beyond]}; the metadata say from ${low[beyond]} to ` +
    `${high[beyond]}`
  );
}

/** Range of all numbers of an action: of those that were done, and of the bounds. Infinite ones say nothing. */
export function overallRange(
  { min, max }: ColumnRange,
  bounds: ActionBounds | null,
): [low: number, high: number] {
  return [
    Math.min(...min, ...(bounds?.low ?? []).filter(Number.isFinite)),
    Math.max(...max, ...(bounds?.high ?? []).filter(Number.isFinite)),
  ];
}

/**
 * The scale by which actions within bounds around 0, such as [−2, 2], cover a policy's [−1, 1]. Null if they do already, or if
 * a scale alone does not bring them there.
 */
export function scaleOfBounds({ low, high }: ActionBounds): Float32Array | null {
  const symmetric = high.every((value, i) => value > 0 && Number.isFinite(value) && low[i] === -value);
  if (!symmetric || high.every((value) => value === 1)) return null;
  return Float32Array.from(high, (value) => 1 / value);
}

/** Reason why a policy, which acts in [−1, 1], can't learn actions without their task; null if it can. */
export function actionProblem(range: ColumnRange, bounds: ActionBounds | null): string | null {
  const [low, high] = overallRange(range, bounds);
  if ((low >= -1 && high <= 1) || (bounds && scaleOfBounds(bounds))) return null;
  const lack = bounds ? 'their bounds are not around 0' : 'no bounds around 0 are declared for them';
  return `its actions are from ${low} to ${high}, a policy acts in [-1, 1], and ${lack}`;
}
