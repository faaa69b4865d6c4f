import type { EnvironmentState } from '../env.js';
import type { RandomStream } from '../random.js';
import { PENDULUM_SCENE } from './pendulum_scene.js';
import type { GymnasiumTask, Simulation } from './task.js';

const GRAVITY = 10;
/** Metres and kilograms of the rod, which is thin and even. */
const LENGTH = 1;
const MASS = 1;
const SECONDS_PER_STEP = 0.05;
/** Newton metres, and radians per second. */
const MAX_TORQUE = 2;
const MAX_SPEED = 8;

/** Gymnasium's Pendulum-v1: a rod that is too heavy for its motor is to be swung up and held there. */
export const PENDULUM: GymnasiumTask = {
  id: 'Pendulum-v1',
  robot: 'pendulum',
  horizon: 200,
  secondsPerStep: SECONDS_PER_STEP,
  actionHigh: [MAX_TORQUE],
  observation: [
    { name: 'cos_angle', size: 1 },
    { name: 'sin_angle', size: 1 },
    { name: 'angular_velocity', size: 1 },
  ],
  rewardTerms: ['angle', 'velocity', 'torque'],
  referenceScores: null,
  isTerminal: () => false,
  simulate: async () => new Pendulum(),
  scene: PENDULUM_SCENE,
};

/**
 * The rod, whose angle is 0 where it stands upright. Torques and their cost are numbers of single precision, as Gymnasium
 * computes them; all else is of double.
 */
class Pendulum implements Simulation {
  readonly rows = { articulations: { pendulum: 2 }, memory: {} };
  private angle = 0;
  private velocity = 0;

  restart(random: RandomStream): void {
    this.angle = random.uniform(-Math.PI, Math.PI);
    this.velocity = random.uniform(-1, 1);
  }

  /** The costs are those of the state before the step. */
  step(action: Float32Array, terms: Record<string, number>): void {
    const { angle, velocity } = this;
    const torque = Math.max(-MAX_TORQUE, Math.min(MAX_TORQUE, action[0]));
    terms.angle = -(wrapped(angle) ** 2);
    terms.velocity = -0.1 * velocity ** 2;
    terms.torque = -Math.fround(Math.fround(0.001) * Math.fround(torque * torque));
    const fromTorque = Math.fround((3 / (MASS * LENGTH ** 2)) * torque);
    const acceleration = ((3 * GRAVITY) / (2 * LENGTH)) * Math.sin(angle) + fromTorque;
    const next = velocity + acceleration * SECONDS_PER_STEP;
    this.velocity = Math.max(-MAX_SPEED, Math.min(MAX_SPEED, next));
    this.angle = angle + this.velocity * SECONDS_PER_STEP;
  }

  observe(out: Float64Array): void {
    out[0] = Math.cos(this.angle);
    out[1] = Math.sin(this.angle);
    out[2] = this.velocity;
  }

  read(): EnvironmentState {
    return { actors: {}, articulations: { pendulum: Float64Array.of(this.angle, this.velocity) } };
  }

  write({ articulations: { pendulum } }: EnvironmentState): void {
    [this.angle, this.velocity] = pendulum;
  }

  close(): void {}
}

/** The same angle in [−π, π). */
function wrapped(angle: number): number {
  const turn = 2 * Math.PI;
  const rest = (angle + Math.PI) % turn;
  return (rest < 0 ? rest + turn : rest) - Math.PI;
}
