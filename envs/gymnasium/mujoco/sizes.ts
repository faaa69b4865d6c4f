import type { Body, Joint } from './model.js';
import type { MujocoTask } from './task.js';

/** The sizes of a task, which are known without MuJoCo. */
export function sizesOf({ model, hiddenPositions, sensesTorso }: Omit<MujocoTask, 'rate'>) {
  const bodies = bodiesOf(model.body);
  const joints = bodies.flatMap(({ joints = [] }) => joints);
  const nq = joints.reduce((sum, joint) => sum + positionsOf(joint), 0);
  const nv = joints.reduce((sum, joint) => sum + velocitiesOf(joint), 0);
  const observedPositions = nq - hiddenPositions;
  const observedForces = sensesTorso ? 6 * bodies.length : 0;
  return {
    nq,
    nv,
    /** Without the world. */
    bodies: bodies.length,
    actionDim: model.motors.length,
    observedPositions,
    observedForces,
    observationDim: observedPositions + nv + observedForces,
  };
}

/** A body and all that hang on it, in MuJoCo's order: each before those on it. */
export function bodiesOf(body: Body): Body[] {
  return [body, ...(body.bodies ?? []).flatMap(bodiesOf)];
}

/** The numbers of a joint's position: of a free one, position 3 and quaternion wxyz 4. */
export function positionsOf({ type }: Joint): number {
  return type === 'free' ? 7 : 1;
}

function velocitiesOf({ type }: Joint): number {
  return type === 'free' ? 6 : 1;
}
