import { expect, it } from 'vitest';
import { RandomStream } from '../../../envs/random.js';
import { angleBetween, inFrame } from '../../../envs/tasks/frames.js';
import { PoseRelations } from '../../../src/learner/pose_relations.js';
import { tf } from '../../../src/nn/tensorflow.js';
import { actionsOf, randomBatches, SMALL, smallLearner } from './support.js';

/** A number, a pose, a place and another pose. */
const DIM = 1 + 7 + 3 + 7;
const OFFSETS = { poses: [1, 11], places: [8] };
const ROWS = 5;
/** Four ways (to the other pose and to the place, in either frame) and one turn, of three numbers each, coarse and fine. */
const SEEN = DIM + 2 * 3 * (4 + 1);

function randomObservations(): Float32Array {
  const random = new RandomStream(4);
  const observations = Float32Array.from({ length: ROWS * DIM }, () => random.uniform(-0.3, 0.3));
  for (let row = 0; row < ROWS; row++) {
    for (const pose of OFFSETS.poses) {
      const quaternion = observations.subarray(row * DIM + pose + 3, row * DIM + pose + 7);
      const size = Math.hypot(...quaternion);
      for (let i = 0; i < 4; i++) quaternion[i] /= size;
    }
  }
  return observations;
}

function seenOf(observations: Float32Array): Float32Array {
  const view = new PoseRelations(DIM, OFFSETS);
  expect(view.seenDim).toBe(SEEN);
  const seen = new Float32Array((observations.length / DIM) * SEEN);
  view.write(observations, seen);
  return seen;
}

it('adds what is where in which frame, coarse and fine, and how poses are turned', () => {
  const observations = randomObservations();
  const seen = seenOf(observations);
  for (let row = 0; row < ROWS; row++) {
    const observation = observations.subarray(row * DIM, (row + 1) * DIM);
    const own = seen.subarray(row * SEEN, (row + 1) * SEEN);
    expect(own.subarray(0, DIM)).toEqual(observation);
    const added = own.subarray(DIM);
    const ways = [
      [1, 11],
      [1, 8],
      [11, 1],
      [11, 8],
    ];
    ways.forEach(([frame, thing], i) => {
      const way = inFrame(observation.subarray(frame, frame + 7), observation.subarray(thing, thing + 3));
      way.forEach((part, axis) => {
        expect(added[4 * axis + i]).toBeCloseTo(part / 0.1, 5);
        expect(added[12 + 4 * axis + i]).toBeCloseTo(part / (0.01 + Math.abs(part)), 5);
      });
    });
    const angle = angleBetween(observation.subarray(1, 8), observation.subarray(11, 18));
    expect(Math.hypot(...added.subarray(24, 27))).toBeCloseTo(2 * Math.sin(angle / 2), 5);
    for (let axis = 0; axis < 3; axis++) {
      const part = added[24 + axis];
      expect(added[27 + axis]).toBeCloseTo(part / (0.05 + Math.abs(part)), 4);
    }
  }
});

it('tells a small turn by its axis and angle, whatever the signs of the quaternions', () => {
  const [cos, sin] = [Math.cos(0.05), Math.sin(0.05)];
  const quarter = Math.SQRT1_2;
  // About its own y, the pose turned by 90° about z is turned on by 0.1 rad.
  const from = [quarter, 0, 0, quarter];
  const to = [quarter * cos, -quarter * sin, quarter * sin, quarter * cos];
  for (const sign of [1, -1]) {
    const observation = Float32Array.of(
      0,
      0,
      0,
      0,
      ...from,
      0,
      0,
      0,
      0,
      0,
      0,
      ...to.map((part) => sign * part),
    );
    const turn = seenOf(observation).subarray(DIM + 24, DIM + 27);
    const wanted = [0, 2 * sin, 0];
    for (let axis = 0; axis < 3; axis++) expect(turn[axis]).toBeCloseTo(wanted[axis], 6);
  }
});

it('is the same in a graph', () => {
  const observations = randomObservations();
  const view = new PoseRelations(DIM, OFFSETS);
  const applied = tf.tidy(() => view.apply(tf.tensor2d(observations, [ROWS, DIM])).dataSync());
  const written = seenOf(observations);
  expect(applied.length).toBe(written.length);
  for (let i = 0; i < written.length; i++) expect(applied[i]).toBeCloseTo(written[i], 4);
});

it('is seen in training and by the policy, whose observations keep their size', async () => {
  const sizes = { ...SMALL, observationDim: DIM };
  const learner = await smallLearner({}, { view: new PoseRelations(DIM, OFFSETS) }, sizes);
  const plain = await smallLearner({}, {}, sizes);
  expect(learner.observationDim).toBe(DIM);
  learner.setObservationNormalisation(new Float32Array(DIM).fill(0.1), new Float32Array(DIM).fill(2));
  await learner.update(randomBatches(2, 1, sizes));
  const observations = randomObservations();
  const actions = await actionsOf(learner, observations, 'mode');
  expect(actions.every(Number.isFinite)).toBe(true);
  const { tensors } = await learner.getState();
  expect(tensors['observationMean'].shape).toEqual([SEEN]);
  expect((await plain.getState()).tensors['observationMean'].shape).toEqual([DIM]);
  await learner.dispose();
  await plain.dispose();
});
