import { IDENTITY_POSE, type SceneBody, type Shape } from '../scene.js';

const FLOOR_HEIGHT = -0.9196;

/** What stands around every task, in the world frame: the floor and the table, whose top is the plane z = 0. */
export const SURROUNDINGS: readonly SceneBody[] = [
  {
    name: 'floor',
    castsShadow: false,
    shapes: [box([0, 0, FLOOR_HEIGHT - 0.05], [20, 20, 0.05], 0xc9ced4, 0.9)],
  },
  {
    name: 'table',
    castsShadow: false,
    shapes: [box([-0.12, 0, -0.03], [0.6045, 1.209, 0.03], 0xb98a5e, 0.6)],
  },
];

function box(
  centre: readonly number[],
  halfSize: readonly number[],
  color: number,
  roughness: number,
): Shape {
  return {
    geometry: { kind: 'box', halfSize },
    material: { color, roughness },
    pose: [...centre, ...IDENTITY_POSE.slice(3)],
  };
}
