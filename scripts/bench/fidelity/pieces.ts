import type { Environment, EnvironmentState } from '../../../envs/env.js';
import { completeState } from '../../../envs/registry.js';
import type { PieceFigures } from './maniskill_figures.js';
import type { RecordedEpisode, RecordedStep, Recording } from './recording.js';
import { spreadOf } from './spread.js';

const STRIDE = 3;
const LENGTH = 5;
const ROOT_SIZE = 13;
const FINGERS = 2;

/** A few steps of a recording, played again from the state before them. */
export interface Piece {
  kind: string;
  seed: number;
  /** The recorded step, from 0, after which it begins. */
  start: number;
  /** True if the robot touches an object within them. */
  touched: boolean;
  afterOne: StateDifference;
  afterAll: StateDifference;
  successDiffers: boolean;
}

/** Largest differences between two states: over the actors that move freely, over the joints, and over the fingers' velocities. */
export interface StateDifference {
  millimetres: number;
  degrees: number;
  qpos: number;
  fingers: number;
}

/** Plays pieces of five steps, from every third state of the recording. */
export function playPieces(environment: Environment, recording: Recording): Piece[] {
  return recording.episodes.flatMap((episode) => {
    const pieces: Piece[] = [];
    for (let start = 0; start + LENGTH < episode.steps.length; start += STRIDE)
      pieces.push(playPiece(environment, recording, episode, start));
    return pieces;
  });
}

function playPiece(
  environment: Environment,
  { envId, movingActors }: Recording,
  { kind, seed, actions, steps }: RecordedEpisode,
  start: number,
): Piece {
  const { state, observation } = steps[start];
  const seen = new Float32Array(environment.spec.observationDim);
  environment.resetTo(completeState(envId, state, { observe: () => observation, seed: null }), null, seen);
  const recorded = steps.slice(start + 1, start + 1 + LENGTH);
  let success = false;
  const differences = recorded.map((step, i) => {
    success = environment.step(actions[start + 1 + i], seen).success;
    return difference(environment.getState(), step, movingActors);
  });
  const last = recorded[LENGTH - 1];
  return {
    kind,
    seed,
    start,
    touched: recorded.some(({ touched }) => touched),
    afterOne: differences[0],
    afterAll: differences[LENGTH - 1],
    successDiffers: success !== last.success,
  };
}

function difference(ours: EnvironmentState, { state }: RecordedStep, actors: string[]): StateDifference {
  const largest = (differences: number[]) => Math.max(...differences);
  const pairs = actors.map((name) => [ours.actors[name], state.actors[name]] as const);
  const robots = Object.entries(state.articulations).map(
    ([name, robot]) => [ours.articulations[name], robot] as const,
  );
  return {
    millimetres: largest(pairs.map(([one, other]) => 1000 * distance(one, other))),
    degrees: largest(pairs.map(([one, other]) => angle(one, other))),
    qpos: largest(robots.map(([one, other]) => largestDifference(one, other))),
    fingers: largest(robots.map(([one, other]) => fingerDifference(one, other))),
  };
}

function distance(one: Float64Array, other: Float64Array): number {
  return Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]);
}

/** Degrees between the rotations of two actors, accurate near 0 as well. */
function angle(one: Float64Array, other: Float64Array): number {
  const [w, x, y, z] = one.subarray(3, 7);
  const [v, a, b, c] = other.subarray(3, 7);
  const sine = Math.hypot(
    v * x - w * a - y * c + z * b,
    v * y - w * b - z * a + x * c,
    v * z - w * c - x * b + y * a,
  );
  const cosine = Math.abs(w * v + x * a + y * b + z * c);
  return (2 * Math.atan2(sine, cosine) * 180) / Math.PI;
}

/** The largest difference between the joint positions of two robots. */
function largestDifference(one: Float64Array, other: Float64Array): number {
  let largest = 0;
  for (let i = ROOT_SIZE; i < (ROOT_SIZE + other.length) / 2; i++)
    largest = Math.max(largest, Math.abs(one[i] - other[i]));
  return largest;
}

/**
 * The largest difference between the velocities of the fingers of two robots, the faster finger's with the faster one's: which of
 * two closed fingers PhysX reports to move faster hangs on rounding.
 */
function fingerDifference(one: Float64Array, other: Float64Array): number {
  const [fingers, others] = [one, other].map((robot) => robot.slice(-FINGERS).sort());
  return Math.max(...fingers.map((speed, i) => Math.abs(speed - others[i])));
}

/** The figures that ManiSkill's are compared with. */
export function summarize(pieces: readonly Piece[]): PieceFigures {
  const touched = pieces.filter((piece) => piece.touched);
  const untouched = pieces.filter((piece) => !piece.touched);
  return {
    untouched: spreadOf(untouched.map(({ afterAll }) => afterAll.millimetres)),
    touchedOneStep: spreadOf(touched.map(({ afterOne }) => afterOne.millimetres)),
    touched: spreadOf(touched.map(({ afterAll }) => afterAll.millimetres)),
    rotation: spreadOf(touched.map(({ afterAll }) => afterAll.degrees)),
    qpos: spreadOf(touched.map(({ afterAll }) => afterAll.qpos)),
    fingers: spreadOf(untouched.map(({ afterAll }) => afterAll.fingers)),
    pieces: pieces.length,
    successDiffers: pieces.filter(({ successDiffers }) => successDiffers).length,
  };
}
