import type { EnvironmentSpec } from './env.js';

/** Throws unless an action has the right size and is finite. */
export function checkAction(action: Float32Array, { envId, actionDim, controlMode }: EnvironmentSpec): void {
  if (action.length !== actionDim) {
    throw new Error(`${envId}: action has ${action.length} values; ${controlMode} takes ${actionDim}`);
  }
  for (let i = 0; i < actionDim; i++) {
    if (!Number.isFinite(action[i])) {
      throw new Error(`${envId}: action[${i}] is ${action[i]}; it must be finite`);
    }
  }
}

/** Throws unless there is just the room for an observation. */
export function checkObservation(
  observation: Float32Array,
  { envId, observationDim }: EnvironmentSpec,
): void {
  if (observation.length !== observationDim) {
    throw new Error(`${envId}: room for ${observation.length} observation values; it has ${observationDim}`);
  }
}

/** Throws if one of the `rows` of a state is missing, unknown, not finite or not of the size that `sizes` has for it. */
export function checkRows(
  envId: string,
  kind: string,
  rows: Readonly<Record<string, Float64Array>>,
  sizes: Readonly<Record<string, number>>,
): void {
  for (const name of Object.keys(rows)) {
    if (Object.hasOwn(sizes, name)) continue;
    const known = Object.keys(sizes).join(', ') || 'none';
    throw new Error(`${envId} has no ${kind} "${name}"; it has: ${known}`);
  }
  for (const [name, size] of Object.entries(sizes)) {
    const row = rows[name];
    if (!row) throw new Error(`${envId}: the state lacks the ${kind} "${name}"`);
    if (row.length !== size) {
      throw new Error(`${envId}: the state of ${kind} "${name}" has ${row.length} values; it takes ${size}`);
    }
    const wrong = row.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0)
      throw new Error(`${envId}: value ${wrong} of ${kind} "${name}" is ${row[wrong]}, not finite`);
  }
}
