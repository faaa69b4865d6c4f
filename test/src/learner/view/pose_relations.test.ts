import { expect, it } from 'vitest';
import { RandomStream } from '../../../../envs/random.js';
import { angleBetween, inFrame } from '../../../../envs/tasks/frames.js';
import { PoseRelations } from '../../../../src/learner/view/pose_relations.js';
import { tf } from '../../../../src/nn/tensorflow.js';
import { actionsOf, randomBatches, SMALL, smallLearner } from '../support.js';

/** A number, a pose, a place, another pose, and a cube's pose. */
const DIM = 1 + 7 + 3 + 7 + 7;
const THINGS = { frames: [1, 11], places: [8], cubes: [18] };
const QUATERNIONS = [4, 14, 21];
const WAYS = [
  [1, 11],
  [1, 18],
  [1, 8],
  [11, 1],
  [11, 18],
  [11, 8],
];
const TURN = 6 * WAYS.length;
const CUBE_TURNS = TURN + 6;
const SEEN = DIM + CUBE_TURNS + 2 * 15;
const ROWS = 5;

function randomObservations(): Float32Array {
  const random = new RandomStream(4);
  const observations = Float32Array.from({ length: ROWS * DIM }, () => random.uniform(-0.3, 0.3));
  for (let row = 0; row < ROWS; row++) {
    for (const at of QUATERNIONS) {
      const quaternion = observations.subarray(row * DIM + at, row * DIM + at + 4);
      const size = Math.hypot(...quaternion);
      for (let i = 0; i < 4; i++) quaternion[i] /= size;
    }
  }
  return observations;
}

/** The numbers that are added to observations, one row of them for each. */
function addedTo(observations: Float32Array): Float32Array[] {
  const view = new PoseRelations(DIM, THINGS);
  expect(view.seenDim).toBe(SEEN);
  const rows = observations.length / DIM;
  const seen = new Float32Array(rows * SEEN);
  view.write(observations, seen);
  return Array.from({ length: rows }, (_, row) => {
    const own = observations.subarray(row * DIM, (row + 1) * DIM);
    expect(seen.subarray(row * SEEN, row * SEEN + DIM)).toEqual(own);
    return seen.slice(row * SEEN + DIM, (row + 1) * SEEN);
  });
}

/** An observation of frames and a cube with these quaternions, all at the same place. */
function turnedBy(first: number[], second: number[], cube: number[]): Float32Array {
  const nowhere = [0, 0, 0];
  return Float32Array.of(0, ...nowhere, ...first, ...nowhere, ...nowhere, ...second, ...nowhere, ...cube);
}

function aboutZ(radians: number): number[] {
  return [Math.cos(radians / 2), 0, 0, Math.sin(radians / 2)];
}

function expectClose(found: ArrayLike<number>, wanted: readonly number[], digits = 5): void {
  expect(found.length).toBe(wanted.length);
  for (let i = 0; i < wanted.length; i++) expect(found[i]).toBeCloseTo(wanted[i], digits);
}

it('adds where things are in frames, coarse and fine', () => {
  const observations = randomObservations();
  addedTo(observations).forEach((added, row) => {
    const observation = observations.subarray(row * DIM, (row + 1) * DIM);
    WAYS.forEach(([frame, thing], i) => {
      const way = inFrame(observation.subarray(frame, frame + 7), observation.subarray(thing, thing + 3));
      expectClose(
        added.subarray(6 * i, 6 * i + 3),
        way.map((part) => part / 0.1),
      );
      expectClose(
        added.subarray(6 * i + 3, 6 * i + 6),
        way.map((part) => part / (0.01 + Math.abs(part))),
      );
    });
  });
});

it('adds how frames are turned against each other, coarse and fine', () => {
  const observations = randomObservations();
  addedTo(observations).forEach((added, row) => {
    const observation = observations.subarray(row * DIM, (row + 1) * DIM);
    const angle = angleBetween(observation.subarray(1, 8), observation.subarray(11, 18));
    const turn = [...added.subarray(TURN, TURN + 3)];
    expect(Math.hypot(...turn)).toBeCloseTo(2 * Math.sin(angle / 2), 5);
    expectClose(
      added.subarray(TURN + 3, TURN + 6),
      turn.map((part) => part / (0.05 + Math.abs(part))),
    );
  });
});

it('tells a turn by its axis and angle, whatever the signs of the quaternions', () => {
  const [cos, sin] = [Math.cos(0.05), Math.sin(0.05)];
  const quarter = Math.SQRT1_2;
  // About its own y, the pose turned by 90° about z is turned on by 0.1 rad.
  const from = aboutZ(Math.PI / 2);
  const to = [quarter * cos, -quarter * sin, quarter * sin, quarter * cos];
  for (const sign of [1, -1]) {
    const second = to.map((part) => sign * part);
    const [added] = addedTo(turnedBy(from, second, aboutZ(0)));
    expectClose(added.subarray(TURN, TURN + 3), [0, 2 * sin, 0], 6);
  }
});

it("adds a cube's turn in a frame as four times the angle, the same after quarter turns", () => {
  for (const angle of [0.1, 0.4, -0.3]) {
    for (const quarters of [0, 1, 2, 3]) {
      const cube = aboutZ(0.7 + angle + (quarters * Math.PI) / 2);
      const [added] = addedTo(turnedBy(aboutZ(0.7), aboutZ(0), cube));
      const [cosine, sine] = [Math.cos(4 * angle), Math.sin(4 * angle)];
      const first = added.subarray(CUBE_TURNS, CUBE_TURNS + 15);
      expectClose(first.subarray(0, 3), [cosine, cosine, 1]);
      const fine = sine / 4 / (0.05 + Math.abs(sine / 4));
      // Pairs of axes: xy, xz, yx, yz, zx, zy.
      expectClose(first.subarray(3, 9), [sine, 0, -sine, 0, 0, 0]);
      expectClose(first.subarray(9, 15), [fine, 0, -fine, 0, 0, 0]);
    }
  }
});

it('is the same in a graph', () => {
  const observations = randomObservations();
  const view = new PoseRelations(DIM, THINGS);
  const applied = tf.tidy(() => view.apply(tf.tensor2d(observations, [ROWS, DIM])).dataSync());
  const written = new Float32Array(ROWS * SEEN);
  view.write(observations, written);
  expectClose(applied, [...written], 4);
});

it('takes things of which there are none of a kind', () => {
  const view = new PoseRelations(10, { frames: [0], cubes: [], places: [7] });
  expect(view.seenDim).toBe(16);
  const applied = tf.tidy(() => view.apply(tf.ones([2, 10])));
  expect(applied.shape).toEqual([2, 16]);
});

it('is seen in training and by the policy, whose observations keep their size', async () => {
  const sizes = { ...SMALL, observationDim: DIM };
  const learner = await smallLearner({}, { view: new PoseRelations(DIM, THINGS) }, sizes);
  expect(learner.observationDim).toBe(DIM);
  learner.setObservationNormalisation(new Float32Array(DIM).fill(0.1), new Float32Array(DIM).fill(2));
  await learner.update(randomBatches(2, 1, sizes));
  const actions = await actionsOf(learner, randomObservations(), 'mode');
  expect(actions.every(Number.isFinite)).toBe(true);
  const { tensors } = await learner.getState();
  expect(tensors['observationMean'].shape).toEqual([SEEN]);
  expect([...tensors['observationScale'].data.slice(DIM - 1, DIM + 1)]).toEqual([2, 1]);
  await learner.dispose();
});
