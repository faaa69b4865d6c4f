import type { Material, SceneBody, SceneDescription } from '../scene.js';
import { shape } from '../shapes.js';
import { FLOOR, writeFloor } from './floor.js';

const RED: Material = { color: 0xcc4d4d, roughness: 0.5 };
const STEEL: Material = { color: 0x4a4e54, roughness: 0.5 };
const RADIUS = 0.1;
const HALF_LENGTH = 0.5;
/** The floor's height below the axle. */
const FLOOR_Z = -1.3;
const AXLE_HALF_LENGTH = 0.16;

const STAND: SceneBody = {
  name: 'stand',
  fixed: false,
  shapes: [
    shape({ kind: 'box', halfSize: [0.06, 0.04, -FLOOR_Z / 2] }, STEEL, [0, 0.2, FLOOR_Z / 2]),
    {
      geometry: { kind: 'cylinder', radius: 0.04, halfLength: AXLE_HALF_LENGTH },
      material: STEEL,
      pose: [0, 0.05, 0, Math.SQRT1_2, Math.SQRT1_2, 0, 0],
    },
  ],
};
const ROD: SceneBody = {
  name: 'rod',
  fixed: false,
  shapes: [shape({ kind: 'capsule', radius: RADIUS, halfLength: HALF_LENGTH }, RED, [0, 0, HALF_LENGTH])],
};

/** The pendulum seen from the front: it turns to the left where its angle grows. */
export const PENDULUM_SCENE: SceneDescription = {
  bodies: [...FLOOR, STAND, ROD],
  camera: { eye: [0, -3.4, 0.4], target: [0, 0, -0.05], verticalFovRadians: 0.8 },
  reach: 2,
  writePoses({ articulations: { pendulum } }, poses) {
    writeFloor(poses, 0, 0, FLOOR_Z);
    const [angle] = pendulum;
    poses.set([0, 0, 0, 1, 0, 0, 0], 7 * FLOOR.length);
    poses.set([0, 0, 0, Math.cos(angle / 2), 0, -Math.sin(angle / 2), 0], 7 * (FLOOR.length + 1));
  },
};
