import { type BodyDescription, box, dynamic } from './description.js';

const TAIL = { color: 0x0c2aa0, roughness: 0.45 };
const HEAD = { color: 0xb00e0e, roughness: 0.45 };
/** The coloured head stands out by this much, metres, or it would hide in the peg. */
const COAT = 2e-4;

/** ManiSkill's peg along its x axis: a square bar whose half on the +x side, the head, has another colour. */
export function peg(halfLength: number, halfWidth: number): BodyDescription {
  const width = halfWidth + COAT;
  const head = box([(halfLength + COAT) / 2, width, width], HEAD, {
    position: [(halfLength + COAT) / 2, 0, 0],
  });
  return dynamic([box([halfLength, halfWidth, halfWidth], TAIL), { ...head, collides: false }]);
}
