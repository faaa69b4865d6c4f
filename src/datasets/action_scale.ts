import type { ActionBounds } from './action_range.js';
import type { NumberColumn } from './column.js';

/** The name under which files without spaces tell the bounds of actions: from −scale to scale. */
export const ACTION_SCALE = 'action_scale';

/** The one scale, or one for each number of an action, of bounds from −scale to scale; null for other bounds. */
export function scalesOf(bounds: ActionBounds | null): readonly number[] | null {
  if (!bounds || bounds.high.length === 0) return null;
  const { low, high } = bounds;
  if (!high.every((value, i) => value > 0 && Number.isFinite(value) && low[i] === -value)) return null;
  return high.every((value) => value === high[0]) ? [high[0]] : high;
}

/** Bounds by one scale for all numbers of an action, or by one each; null if they make no sense. */
export function boundsOfScales(scales: readonly number[], actionDim: number): ActionBounds | null {
  const high = scales.length === 1 ? new Array<number>(actionDim).fill(scales[0]) : [...scales];
  if (high.length !== actionDim || !high.every((value) => value > 0 && Number.isFinite(value))) return null;
  return { low: high.map((value) => -value), high };
}

/** Scales as a column of numbers. */
export function scaleColumn(scales: readonly number[]): NumberColumn<'float64'> {
  return { dtype: 'float64', shape: [scales.length], data: Float64Array.from(scales) };
}
