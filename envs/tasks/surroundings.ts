import { type BodyDescription, fixed, box as part } from '../bodies/description.js';
import type { Material, SceneBody, Shape } from '../scene.js';
import { box } from '../shapes.js';

/** ManiSkill's table, whose top is the plane z = 0: its centre, half its length and width, and its height. */
const TABLE_X = -0.12;
const TABLE_HALF_DEPTH = 0.6045;
const TABLE_HALF_WIDTH = 1.209;
const TABLE_HEIGHT = 0.9196;
const TOP_THICKNESS = 0.04;

const PLANKS = 7;
const PLANK_GAP = 0.002;
const WOOD_TONES = [0xb28c66, 0xba956e, 0xae865f, 0xb6916a, 0xb28b64, 0xbb9771, 0xaf8962];
const DARK_WOOD: Material = { color: 0x5d432b, roughness: 0.8 };
const STEEL: Material = { color: 0x4a4e54, roughness: 0.5 };
const CONCRETE: Material = { color: 0x9aa3ad, roughness: 0.95 };

/** Surroundings of every task, in the world frame: the floor and a wooden table. */
export const SURROUNDINGS: readonly SceneBody[] = [
  {
    name: 'floor',
    fixed: true,
    shapes: [box(CONCRETE, [0, 0, -TABLE_HEIGHT - 0.01], [20, 20, 0.01])],
  },
  { name: 'table', fixed: true, shapes: [...tableTop(), ...tableLegs()] },
];

/** The table as other bodies can't be in it. */
export const TABLE: BodyDescription = fixed(
  part([TABLE_HALF_DEPTH, TABLE_HALF_WIDTH, TABLE_HEIGHT / 2], DARK_WOOD, {
    position: [TABLE_X, 0, -TABLE_HEIGHT / 2],
  }),
);

/** Planks along y on a board that shows dark between them. */
function tableTop(): Shape[] {
  const width = (2 * TABLE_HALF_DEPTH) / PLANKS;
  const planks = WOOD_TONES.map((color, plank) =>
    box(
      { color, roughness: 0.55 },
      [TABLE_X - TABLE_HALF_DEPTH + (plank + 0.5) * width, 0, -TOP_THICKNESS / 2],
      [(width - PLANK_GAP) / 2, TABLE_HALF_WIDTH, TOP_THICKNESS / 2],
    ),
  );
  const board = box(
    DARK_WOOD,
    [TABLE_X, 0, -TOP_THICKNESS / 2 - 0.002],
    [TABLE_HALF_DEPTH - 0.001, TABLE_HALF_WIDTH - 0.001, TOP_THICKNESS / 2],
  );
  return [board, ...planks];
}

function tableLegs(): Shape[] {
  const height = TABLE_HEIGHT - TOP_THICKNESS;
  return [-1, 1].flatMap((end) =>
    [-1, 1].map((side) =>
      box(
        STEEL,
        [
          TABLE_X + end * (TABLE_HALF_DEPTH - 0.08),
          side * (TABLE_HALF_WIDTH - 0.08),
          -TOP_THICKNESS - height / 2,
        ],
        [0.03, 0.03, height / 2],
      ),
    ),
  );
}
