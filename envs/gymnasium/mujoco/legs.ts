import type { Body, Geom, Joint } from './model.js';

/** Heights of Hopper's and Walker2d's joints over the ground where they stand upright, metres. */
export const TORSO = 1.25;
const HEAD = 1.45;
const HIP = 1.05;
const KNEE = 0.6;
const SHIN = 0.35;
const ANKLE = 0.1;

/** Joints that let a robot go anywhere in the plane of x and z, and turn in it: nothing resists there. */
export function planarRoot(height: number): Joint[] {
  const free = { armature: 0, damping: 0, limited: false, stiffness: 0 };
  const down = [0, 0, -height] as const;
  return [
    { ...free, name: 'rootx', type: 'slide', axis: [1, 0, 0], pos: down },
    { ...free, name: 'rootz', type: 'slide', axis: [0, 0, 1], pos: down, ref: height },
    { ...free, name: 'rooty', type: 'hinge', axis: [0, 1, 0], pos: [0, 0, 0] },
  ];
}

/** The torso that Hopper and Walker2d have, with these legs. */
export function torsoOn(legs: readonly Body[]): Body {
  return {
    name: 'torso',
    pos: [0, 0, TORSO],
    joints: planarRoot(TORSO),
    geoms: [{ type: 'capsule', size: [0.05, (HEAD - HIP) / 2], friction: 0.9 }],
    bodies: legs,
  };
}

/** A foot: how far its toes reach before the ankle, and its geom's radius, half length and friction. */
interface Foot {
  reach: number;
  radius: number;
  halfLength: number;
  friction: number;
}

/** A leg of thigh, shin and foot; `side` ends the names of its parts. */
export function leg(side: string, { reach, radius, halfLength, friction }: Foot, rgba?: Geom['rgba']): Body {
  const hinge = (part: string) =>
    ({ name: `${part}${side}_joint`, type: 'hinge', axis: [0, -1, 0] }) as const;
  const look = rgba && { rgba };
  const thighCentre = (HIP + KNEE) / 2;
  const foot: Body = {
    name: `foot${side}`,
    pos: [reach, 0, -SHIN],
    joints: [{ ...hinge('foot'), pos: [-reach, 0, ANKLE], range: [-45, 45] }],
    geoms: [
      {
        type: 'capsule',
        size: [radius, halfLength],
        pos: [-reach / 2, 0, ANKLE],
        quat: [Math.SQRT1_2, 0, -0.7071067811865475, 0],
        friction,
        ...look,
      },
    ],
  };
  const shin: Body = {
    name: `leg${side}`,
    pos: [0, 0, SHIN - HIP],
    joints: [{ ...hinge('leg'), pos: [0, 0, KNEE - SHIN], range: [-150, 0] }],
    geoms: [{ type: 'capsule', size: [0.04, (KNEE - ANKLE) / 2], friction: 0.9, ...look }],
    bodies: [foot],
  };
  return {
    name: `thigh${side}`,
    pos: [0, 0, HIP - TORSO],
    joints: [{ ...hinge('thigh'), pos: [0, 0, 0], range: [-150, 0] }],
    geoms: [
      {
        type: 'capsule',
        size: [0.05, (HIP - KNEE) / 2],
        pos: [0, 0, thighCentre - HIP],
        friction: 0.9,
        ...look,
      },
    ],
    bodies: [shin],
  };
}
