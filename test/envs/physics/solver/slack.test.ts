import { expect, it } from 'vitest';
import { STILL } from '../../../../envs/physics/solver/part_motion.js';
import { type Mover, ROW, Rows, type Side } from '../../../../envs/physics/solver/rows.js';
import { Slack, staysApart } from '../../../../envs/physics/solver/slack.js';
import { SWEEP_NUMBERS } from '../../../../envs/physics/solver/sweep_numbers.js';
import { RandomStream } from '../../../../envs/random.js';

const VELOCITIES = 15;

/** A side with `size` velocities, whose rows are written by the test. */
function side(first: number, size: number): Side {
  const mover: Mover = {
    first,
    size,
    isRobot: false,
    isResting: false,
    writePointRow() {},
    writeSpinRow() {},
    respond() {},
    motionOf: () => STILL,
    compliance: () => 0,
  };
  return { mover, part: 0 };
}

/** Four rows whose entries differ by up to `spread`, of points between 0 and 2 mm apart. */
function similarRows(random: RandomStream, spread: number): Rows {
  const rows = new Rows();
  const points = new Float64Array(12);
  const middle = Array.from({ length: ROW }, () => random.uniform(-1, 1));
  for (let point = 0; point < 4; point++) {
    const row = rows.addPoints(side(0, 9), side(9, 6), points, 0, points, 0, new Float64Array(3));
    rows.errors[row] = random.uniform(0, 0.002);
    rows.corrections[row] = 1500;
    for (let k = 0; k < ROW; k++)
      rows.jacobian[ROW * row + k] = middle[k] + random.uniform(-spread, spread) / 2;
  }
  return rows;
}

it('slack is left only where no point would be pushed, and mostly where all rows are alike', () => {
  const random = new RandomStream(1);
  let apart = 0;
  let left = 0;
  for (let trial = 0; trial < 2000; trial++) {
    const rows = similarRows(random, 0.1);
    const slack = new Slack();
    slack.note(rows, 0, 4);
    const numbers = new Float64Array(SWEEP_NUMBERS).fill(random.uniform(-1e-4, 1e-4));
    const v = Float64Array.from({ length: VELOCITIES }, () => random.uniform(-0.3, 0.3));
    const d = Float64Array.from({ length: VELOCITIES }, () => random.uniform(-1e-3, 1e-3));
    const isApart = staysApart(rows, 0, 4, numbers, v, d, false);
    const isLeft = slack.isLeft(rows, 0, numbers, v, d);
    if (isLeft) expect(isApart).toBe(true);
    if (isApart) apart++;
    if (isLeft) left++;
  }
  expect(apart).toBeGreaterThan(300);
  expect(left).toBeGreaterThan(0.7 * apart);
});

it('no slack is known of points that are in each other', () => {
  const rows = similarRows(new RandomStream(2), 0);
  rows.errors[2] = -1e-6;
  const slack = new Slack();
  slack.note(rows, 0, 4);
  const still = new Float64Array(VELOCITIES);
  expect(slack.isLeft(rows, 0, new Float64Array(SWEEP_NUMBERS), still, still)).toBe(false);
});
