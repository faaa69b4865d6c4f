import type { BodyDescription } from '../bodies/description.js';
import { depthOfOverlap, type PlacedBody } from '../bodies/overlap.js';
import { IDENTITY_POSE } from '../scene.js';
import type { Task } from './define_task.js';
import { TABLE } from './surroundings.js';
import { TABLE_NAME } from './task.js';

/**
 * Bodies may be in each other by so much, metres. In ManiSkill's recordings they are by up to 3 mm, where the gripper
 * forces them.
 */
const MAX_DEPTH = 0.01;
/** Quaternions may be longer or shorter than 1 by so much. */
const MAX_STRETCH = 0.01;

/** Throws, naming them, if bodies with these rows of a state stand in each other or in the table, or are turned by no rotation. */
export function checkPossible(
  { id, spawnOverlap = 0 }: Task,
  bodies: Readonly<Record<string, BodyDescription>>,
  rows: Readonly<Record<string, Float64Array>>,
): void {
  const allowed = Math.max(MAX_DEPTH, spawnOverlap);
  const table = { name: TABLE_NAME, description: TABLE, pose: IDENTITY_POSE };
  const placed = Object.entries(bodies).map(([name, description]) => ({
    name,
    description,
    pose: description.motion === 'static' ? IDENTITY_POSE : rows[name],
  }));
  for (const { name, pose } of placed) checkRotation(id, name, pose);
  placed.forEach((body, i) => {
    checkApart(id, body, table, MAX_DEPTH);
    for (const other of placed.slice(i + 1)) checkApart(id, body, other, allowed);
  });
}

function checkRotation(id: string, name: string, pose: ArrayLike<number>): void {
  const length = Math.hypot(pose[3], pose[4], pose[5], pose[6]);
  if (Math.abs(length - 1) <= MAX_STRETCH) return;
  throw new Error(`${id}: the quaternion of "${name}" has length ${length.toFixed(3)}; it must be 1`);
}

function checkApart(
  id: string,
  body: PlacedBody & { name: string },
  other: PlacedBody & { name: string },
  allowed: number,
): void {
  if (![body, other].some(({ description }) => description.motion === 'dynamic')) return;
  const depth = depthOfOverlap(body, other);
  if (depth <= allowed) return;
  throw new Error(
    `${id}: the state can't be: "${body.name}" is ${(1000 * depth).toFixed(0)} mm deep in "${other.name}"; more than ` +
      `${(1000 * allowed).toFixed(0)} mm never happens`,
  );
}
