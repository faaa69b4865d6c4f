import type { Actor } from './actor.js';
import { type BodyDescription, cylinder, marker } from './description.js';

const HALF_THICKNESS = 5e-4;
/** Height of the region's centre above the table. */
const HEIGHT = 1e-3;
const RING_COLOURS = [0xd7302a, 0xf4f4f2, 0xd7302a, 0xf4f4f2, 0xd7302a];

/** ManiSkill's target on the table: coloured discs whose axis is the body's x axis. */
export function goalRegion(radius: number): BodyDescription {
  const discs = RING_COLOURS.map((color, ring) => {
    const share = 1 - ring / RING_COLOURS.length;
    // Smaller discs stand out, or one would hide in the other.
    const halfThickness = HALF_THICKNESS * (1 + 0.2 * ring);
    return cylinder(
      share * radius,
      halfThickness,
      { color, roughness: 0.9 },
      {
        rotation: [Math.SQRT1_2, 0, Math.SQRT1_2, 0],
      },
    );
  });
  return marker(discs);
}

/** Lays a goal region onto the table. */
export function layGoalRegion(region: Actor, x: number, y: number): void {
  region.place(x, y, HEIGHT);
  region.turn(Math.SQRT1_2, 0, Math.SQRT1_2, 0);
}
