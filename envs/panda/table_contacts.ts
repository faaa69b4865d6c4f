import { boxCorners } from './box.js';
import type { ContactRows } from './contact_rows.js';
import type { PandaKinematics } from './kinematics.js';
import { ARM_JOINTS, FINGER_FRICTION, FINGER_OFFSET, LINK_FRICTION } from './model.js';
import { type BoxData, HULL_VERTICES, LEFT_FINGER_BOXES } from './model_data.js';

/** The joint of contacts on the pads, for {@link ContactRows}. */
export const FINGERS = ARM_JOINTS;
/** The table's own friction is that of the links; pairs take the mean of the two. */
const PAD_ON_TABLE_FRICTION = (FINGER_FRICTION + LINK_FRICTION) / 2;
/** Heights above the table from which a point becomes a contact. Pads need more: they come down fast. */
const PAD_MARGIN = 0.02;
const HULL_MARGIN = 0.005;
/** Reach of a hull from its frame, rounded up: higher frames are skipped without looking at the vertices. */
const HAND_REACH = 0.13;
const FINGER_REACH = 0.1;

const PAD_CORNERS = Float64Array.from(boxCorners(LEFT_FINGER_BOXES[LEFT_FINGER_BOXES.length - 1]));
const LINK_HULLS = [
  { joint: 4, reach: 0.36, vertices: Float64Array.from(HULL_VERTICES.link5) },
  { joint: 5, reach: 0.12, vertices: Float64Array.from(HULL_VERTICES.link6) },
  { joint: 6, reach: 0.12, vertices: Float64Array.from(HULL_VERTICES.link7) },
];

/** The points [n, 3] by which a hand with `boxes` on it stands on the table, in its frame. */
export function handVertices(boxes: readonly BoxData[]): Float64Array {
  return Float64Array.from([...HULL_VERTICES.hand, ...boxes.flatMap(boxCorners)]);
}

/**
 * Adds a contact for every corner of the finger pads and every vertex of the hand and links 5 to 7 that is near or
 * under the table top, the plane z = 0. `left` and `right` are the positions of the finger joints, metres; the hand's
 * vertices [n, 3] are those of {@link handVertices}.
 */
export function addTableContacts(
  contacts: ContactRows,
  kinematics: PandaKinematics,
  left: number,
  right: number,
  hand: Float64Array,
): void {
  addPadContacts(contacts, kinematics, left, 1);
  addPadContacts(contacts, kinematics, right, -1);
  const { handPosition, handRotation, positions, rotations } = kinematics;
  if (handPosition[2] < HAND_REACH) addHull(contacts, 6, hand, handPosition, 0, handRotation, 0);
  for (const { joint, reach, vertices } of LINK_HULLS) {
    if (positions[3 * joint + 2] < reach) {
      addHull(contacts, joint, vertices, positions, 3 * joint, rotations, 9 * joint);
    }
  }
}

function addPadContacts(
  contacts: ContactRows,
  { handPosition: p, handRotation: r }: PandaKinematics,
  opening: number,
  side: 1 | -1,
): void {
  const originZ = p[2] + r[8] * FINGER_OFFSET;
  if (originZ > FINGER_REACH) return;
  const originX = p[0] + r[2] * FINGER_OFFSET;
  const originY = p[1] + r[5] * FINGER_OFFSET;
  for (let corner = 0; corner < PAD_CORNERS.length; corner += 3) {
    const x = PAD_CORNERS[corner];
    const y = side * (PAD_CORNERS[corner + 1] + opening);
    const z = PAD_CORNERS[corner + 2];
    const height = originZ + r[6] * x + r[7] * y + r[8] * z;
    if (height >= PAD_MARGIN) continue;
    const worldX = originX + r[0] * x + r[1] * y + r[2] * z;
    const worldY = originY + r[3] * x + r[4] * y + r[5] * z;
    contacts.add(worldX, worldY, height, height, FINGERS, PAD_ON_TABLE_FRICTION);
  }
}

function addHull(
  contacts: ContactRows,
  joint: number,
  vertices: Float64Array,
  positions: Float64Array,
  p: number,
  rotations: Float64Array,
  r: number,
): void {
  for (let i = 0; i < vertices.length; i += 3) {
    const x = vertices[i];
    const y = vertices[i + 1];
    const z = vertices[i + 2];
    const height = positions[p + 2] + rotations[r + 6] * x + rotations[r + 7] * y + rotations[r + 8] * z;
    if (height >= HULL_MARGIN) continue;
    const worldX = positions[p] + rotations[r] * x + rotations[r + 1] * y + rotations[r + 2] * z;
    const worldY = positions[p + 1] + rotations[r + 3] * x + rotations[r + 4] * y + rotations[r + 5] * z;
    contacts.add(worldX, worldY, height, height, joint, LINK_FRICTION);
  }
}
