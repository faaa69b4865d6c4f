import { type Geometry, IDENTITY_POSE, type Material, type SceneBody, type Shape } from '../scene.js';
import { boxCorners } from './box.js';
import { HULL_VERTICES, LEFT_FINGER_BOXES } from './model_data.js';

const WHITE: Material = { color: 0xf0f0f0, roughness: 0.35 };
const DARK: Material = { color: 0x33363b, roughness: 0.5 };

/** The bodies of the Panda, named as ManiSkill's links, in the order of `PandaPoses`. */
export const PANDA_BODIES: readonly SceneBody[] = [
  link('panda_link0', HULL_VERTICES.link0),
  link('panda_link1', HULL_VERTICES.link1),
  link('panda_link2', HULL_VERTICES.link2),
  link('panda_link3', HULL_VERTICES.link3),
  link('panda_link4', HULL_VERTICES.link4),
  link('panda_link5', HULL_VERTICES.link5),
  link('panda_link6', HULL_VERTICES.link6),
  link('panda_link7', HULL_VERTICES.link7),
  {
    name: 'panda_hand',
    castsShadow: true,
    shapes: [shape({ kind: 'hull', vertices: HULL_VERTICES.hand }, DARK)],
  },
  { name: 'panda_leftfinger', castsShadow: true, shapes: finger(1) },
  { name: 'panda_rightfinger', castsShadow: true, shapes: finger(-1) },
];

function link(name: string, vertices: readonly number[]): SceneBody {
  return { name, castsShadow: true, shapes: [shape({ kind: 'hull', vertices }, WHITE)] };
}

function finger(side: 1 | -1): Shape[] {
  return LEFT_FINGER_BOXES.map((box) => {
    const vertices = boxCorners(box).map((value, i) => (i % 3 === 1 ? side * value : value));
    return shape({ kind: 'hull', vertices }, DARK);
  });
}

function shape(geometry: Geometry, material: Material): Shape {
  return { geometry, material, pose: IDENTITY_POSE };
}
