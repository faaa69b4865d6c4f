import {
  IDENTITY_POSE,
  type Material,
  type SceneBody,
  type SceneDescription,
  type Shape,
} from '../../scene.js';
import { FLOOR, writeFloor } from '../floor.js';
import { posesOf, turnAbout } from './kinematics.js';
import type { Geom, Vector } from './model.js';
import { bodiesOf } from './sizes.js';
import type { MujocoTask } from './task.js';

/** MuJoCo's colour of these robots, where a geom has none of its own. */
const SAND = [0.8, 0.6, 0.4, 1] as const;

/** The scene of a robot: its geoms as they touch, over a floor; the camera goes along with it. */
export function describeRobot({ model, look }: Pick<MujocoTask, 'model' | 'look'>): SceneDescription {
  const { camera, reach, follows, floor = 0 } = look;
  const robot = bodiesOf(model.body);
  const world = model.world.filter(({ type }) => type !== 'plane');
  const bodies: SceneBody[] = [...FLOOR, ...robot.map(({ name, geoms }) => bodyOf(name, geoms))];
  if (world.length > 0) bodies.push(bodyOf('world', world));
  return {
    bodies,
    camera,
    reach,
    writePoses({ articulations }, poses) {
      const [first, ...others] = posesOf(model.body, articulations[model.name]);
      const [x, y] = follows ? first : [0, 0];
      writeFloor(poses, x, y, floor);
      let at = 7 * FLOOR.length;
      for (const pose of [first, ...others, ...(world.length > 0 ? [IDENTITY_POSE] : [])]) {
        poses.set(pose, at);
        poses[at] -= x;
        poses[at + 1] -= y;
        at += 7;
      }
    },
  };
}

function bodyOf(name: string, geoms: readonly Geom[]): SceneBody {
  return { name, fixed: false, shapes: geoms.map(shapeOf) };
}

function shapeOf({ type, size: [radius, half], pos = [0, 0, 0], ...geom }: Geom): Shape {
  const material = materialOf(geom.rgba ?? SAND);
  if (type === 'sphere')
    return { geometry: { kind: 'sphere', radius }, material, pose: [...pos, ...IDENTITY_POSE.slice(3)] };
  if (geom.fromto) return between(geom.fromto.slice(0, 3), geom.fromto.slice(3), radius, material);
  const turn = geom.axisangle
    ? turnAbout(geom.axisangle.slice(0, 3), geom.axisangle[3])
    : (geom.quat ?? IDENTITY_POSE.slice(3));
  const norm = Math.hypot(...turn);
  const pose = [...pos, ...turn.map((value) => value / norm)];
  return { geometry: { kind: 'capsule', radius, halfLength: half }, material, pose };
}

/** A capsule from one point to another. */
function between(from: readonly number[], to: readonly number[], radius: number, material: Material): Shape {
  const middle = from.map((value, i) => (value + to[i]) / 2);
  const [x, y, z] = from.map((value, i) => to[i] - value);
  const length = Math.hypot(x, y, z);
  const sideways: Vector = Math.hypot(x, y) > 0 ? [-y, x, 0] : [1, 0, 0];
  return {
    geometry: { kind: 'capsule', radius, halfLength: length / 2 },
    material,
    pose: [...middle, ...turnAbout(sideways, Math.acos(z / length))],
  };
}

function materialOf([red, green, blue]: readonly number[]): Material {
  const byte = (share: number) => Math.round(255 * share);
  return { color: (byte(red) << 16) | (byte(green) << 8) | byte(blue), roughness: 0.6 };
}
