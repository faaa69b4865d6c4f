import type { Material, SceneBody, Shape } from '../scene.js';
import { box, dome, hull, ring, shape } from '../shapes.js';
import { boxCorners } from './box.js';
import { LEFT_FINGER_BOXES } from './model_data.js';

const WHITE: Material = { color: 0xf4f4f2, roughness: 0.38 };
const SEAM: Material = { color: 0x2b2d31, roughness: 0.6 };
const GRAPHITE: Material = { color: 0x50545b, roughness: 0.42 };
const METAL: Material = { color: 0xaaaeb4, roughness: 0.35 };
const RUBBER: Material = { color: 0x1f2023, roughness: 0.8 };

/** Radius of the tubes and joints from base to forearm; at the wrist and the flange they are thinner. */
const TUBE = 0.055;
const WRIST = 0.049;
const FLANGE = 0.044;
/** Half the width of the dark gap between two links. */
const GAP = 0.0025;

/** The bodies of the Panda, named as ManiSkill's links, in the order of `PandaPoses`. */
export const PANDA_BODIES: readonly SceneBody[] = [
  body('panda_link0', [
    hull(WHITE, footprint(0), footprint(0.035), ring('z', [0, 0, 0.075], 0.06)),
    hull(
      WHITE,
      ring('z', [0, 0, 0.05], 0.066),
      ring('z', [0, 0, 0.08], 0.058),
      ring('z', [0, 0, 0.141 - GAP], TUBE),
    ),
  ]),
  body('panda_link1', [
    seam(-0.192, TUBE),
    hull(WHITE, ring('z', [0, 0, GAP - 0.192], TUBE), ring('z', [0, 0, -0.075], TUBE)),
    hull(
      WHITE,
      ring('z', [0, 0, GAP - 0.192], TUBE),
      ring('y', [0, -GAP, 0], TUBE),
      dome('y', [0, -0.07, 0], TUBE, -0.059),
    ),
  ]),
  body('panda_link2', [
    seam(0, TUBE),
    hull(WHITE, ring('y', [0, GAP - 0.194, 0], TUBE), ring('y', [0, -0.075, 0], TUBE)),
    hull(
      WHITE,
      ring('y', [0, GAP - 0.194, 0], TUBE),
      ring('z', [0, 0, GAP], TUBE),
      dome('z', [0, 0, 0.07], TUBE, 0.059),
    ),
  ]),
  body('panda_link3', [
    seam(-0.1215, TUBE),
    hull(
      WHITE,
      ring('z', [0, 0, GAP - 0.1215], TUBE),
      ring('z', [0, 0, -0.08], TUBE),
      ring('y', [0.0825, GAP, 0], TUBE),
      dome('y', [0.0825, 0.06, 0], TUBE, 0.051),
    ),
  ]),
  body('panda_link4', [
    seam(0, TUBE),
    hull(
      WHITE,
      ring('y', [-0.0825, 0.124 - GAP, 0], TUBE),
      ring('y', [-0.0825, 0.085, 0], TUBE),
      ring('z', [0, 0, GAP], TUBE),
      dome('z', [0, 0, 0.06], TUBE, 0.051),
    ),
  ]),
  body('panda_link5', [
    seam(-0.2597, TUBE),
    hull(
      WHITE,
      ring('z', [0, 0, GAP - 0.2597], TUBE),
      ring('z', [0, 0, -0.225], TUBE),
      ring('z', [0, 0.05, -0.13], 0.04),
    ),
    hull(
      WHITE,
      ring('z', [0, 0.025, -0.2], 0.05),
      ring('y', [0, 0.018, 0], WRIST),
      dome('y', [0, 0.08, 0], WRIST, 0.05),
    ),
  ]),
  body('panda_link6', [
    seam(-0.0155, WRIST),
    hull(WHITE, ring('z', [0, 0, GAP - 0.0155], WRIST), dome('z', [0, 0, 0.02], WRIST, 0.036)),
    hull(
      WHITE,
      ring('z', [0, 0, GAP - 0.0155], 0.044),
      ring('z', [0, 0, 0.03], 0.042),
      ring('y', [0.088, -0.035, 0], 0.04),
      ring('y', [0.088, 0.045, 0], 0.04),
    ),
    hull(WHITE, ring('y', [0.088, GAP - 0.0515, 0], FLANGE), dome('y', [0.088, 0.045, 0], FLANGE, 0.037)),
  ]),
  body('panda_link7', [
    seam(0.0515, FLANGE),
    hull(
      WHITE,
      ring('z', [0, 0, 0.0515 + GAP], FLANGE),
      ring('z', [0, 0, 0.092], FLANGE),
      ring('z', [0, 0, 0.098], 0.04),
    ),
    hull(
      WHITE,
      ring('z', [0.02, 0.02, 0.077], 0.035),
      ring('z', [0.02, 0.02, 0.097], 0.035),
      ring('z', [0.06, 0.06, 0.08], 0.022),
      ring('z', [0.06, 0.06, 0.095], 0.022),
    ),
    hull(GRAPHITE, ring('z', [0, 0, 0.095], 0.033), ring('z', [0, 0, 0.107], 0.033)),
  ]),
  body('panda_hand', [
    hull(
      GRAPHITE,
      handOutline(0, 0.03, 0.098),
      handOutline(0.02, 0.031, 0.1),
      handOutline(0.05, 0.022, 0.1),
      handOutline(0.062, 0.018, 0.097),
    ),
    box(RUBBER, [0, 0, 0.06], [0.012, 0.085, 0.0035]),
  ]),
  body('panda_leftfinger', finger(1)),
  body('panda_rightfinger', finger(-1)),
];

function body(name: string, shapes: readonly Shape[]): SceneBody {
  return { name, fixed: false, shapes };
}

/** The dark ring in the gap between two links, about the joint's axis. */
function seam(z: number, radius: number): Shape {
  return shape({ kind: 'cylinder', radius: radius - 0.002, halfLength: 2 * GAP }, SEAM, [0, 0, z]);
}

/** The outline of the base's foot: round under the arm, with the box of the connectors behind it. */
function footprint(z: number): number[] {
  const rear = [
    [-0.13, 0.075],
    [-0.13, -0.075],
    [-0.15, 0.055],
    [-0.15, -0.055],
  ].flatMap(([x, y]) => [x, y, z]);
  return [...ring('z', [-0.01, 0, z], 0.083), ...rear];
}

/** A rectangle with round corners across the hand. */
function handOutline(z: number, halfDepth: number, halfWidth: number): number[] {
  const radius = 0.012;
  return [1, -1].flatMap((front) =>
    [1, -1].flatMap((side) =>
      ring('z', [front * (halfDepth - radius), side * (halfWidth - radius), z], radius),
    ),
  );
}

function finger(side: 1 | -1): Shape[] {
  return LEFT_FINGER_BOXES.map((part, index) => {
    const corners = boxCorners(part).map((value, i) => (i % 3 === 1 ? side * value : value));
    return hull(index === LEFT_FINGER_BOXES.length - 1 ? RUBBER : METAL, corners);
  });
}
