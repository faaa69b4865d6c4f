import type { DomainRandomization, ObservationPart } from '../env.js';
import { hashSeed, RandomStream } from '../random.js';

const NONE: DomainRandomization = { friction: 0, mass: 0, latencySteps: 0, observationNoise: 0 };

/** Values drawn of a {@link DomainRandomization} for an episode, and their effect on actions and observations. */
export class EpisodeRandomization {
  /** Factor on every friction coefficient, and on every actor's mass. */
  frictionScale = 1;
  massScale = 1;

  private readonly random = new RandomStream(0);
  private seed = 0;
  private latencySteps = 0;
  private received = 0;
  /** [latencySteps + 1, actionDim]: the newest actions, in a ring. */
  private readonly actions: Float32Array[];

  constructor(
    private readonly layout: readonly ObservationPart[],
    actionDim: number,
    private readonly ranges: DomainRandomization = NONE,
  ) {
    this.actions = Array.from({ length: ranges.latencySteps + 1 }, () => new Float32Array(actionDim));
  }

  /** Draws for the episode of `seed`, from a stream of its own: the task's start stays what it is. */
  restart(seed: number): void {
    const { random, ranges } = this;
    this.seed = hashSeed(seed, 1);
    random.reseed(this.seed);
    this.frictionScale = scaleWithin(ranges.friction, random);
    this.massScale = scaleWithin(ranges.mass, random);
    this.latencySteps = random.integer(ranges.latencySteps + 1);
    this.received = 0;
  }

  /** Takes the action of a step, and returns the one that reaches the robot in it; null as long as there is none. */
  delayed(action: Float32Array): Float32Array | null {
    const { actions, latencySteps } = this;
    actions[this.received % actions.length].set(action);
    const arrived = this.received++ - latencySteps;
    return arrived < 0 ? null : actions[arrived % actions.length];
  }

  /** Adds this episode's noise of step `step` to all of the observation but scalars. */
  addNoise(observation: Float32Array, step: number): void {
    const { random, ranges } = this;
    if (ranges.observationNoise === 0) return;
    random.reseed(hashSeed(this.seed, step));
    for (const { kind, offset, size } of this.layout) {
      if (kind === 'scalar') continue;
      for (let i = offset; i < offset + size; i++)
        observation[i] += ranges.observationNoise * random.normal();
      if (kind === 'pose') normalise(observation, offset + 3);
    }
  }
}

/** A factor between 1 / (1 + range) and 1 + range, smaller as often as larger. */
function scaleWithin(range: number, random: RandomStream): number {
  return (1 + range) ** random.uniform(-1, 1);
}

/** Makes the quaternion at `at` one of unit length again. */
function normalise(values: Float32Array, at: number): void {
  const length = Math.hypot(values[at], values[at + 1], values[at + 2], values[at + 3]);
  for (let i = at; i < at + 4; i++) values[i] /= length;
}
