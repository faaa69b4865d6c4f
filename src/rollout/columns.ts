import type { EnvironmentSpec } from '../../envs/env.js';

/** Arrays that a vector environment and its steppers hand over; a row for each environment. */
export interface EnvironmentColumns {
  /** [numEnvs, actionDim] */
  actions: Float32Array;
  /** [numEnvs, observationDim], like the one below. */
  observations: Float32Array;
  nextObservations: Float32Array;
  /** [numEnvs], like all below. */
  rewards: Float32Array;
  terminated: Uint8Array;
  truncated: Uint8Array;
  successes: Uint8Array;
  /** The number of the running episode. */
  episodes: Int32Array;
  /** [numEnvs]: 1 if the environment takes part in the next command. */
  active: Uint8Array;
  /** [1]: the seed of all environments, see `VectorEnvironmentOptions`. */
  seed: Float64Array;
}

/** The commands: `start` begins episode `episodes[i]`, `step` applies `actions[i]`, in every active environment i. */
export const COMMANDS = ['start', 'step'] as const;

export type Command = (typeof COMMANDS)[number];

/** Carries out commands on the environments behind some columns. */
export interface Stepper {
  readonly spec: EnvironmentSpec;
  readonly columns: EnvironmentColumns;
  run(command: Command): Promise<void>;
  close(): Promise<void>;
}

/** Allocates zeroed columns, by default in ordinary memory. */
export function allocateColumns(
  numEnvs: number,
  { observationDim, actionDim }: EnvironmentSpec,
  allocate: (bytes: number) => ArrayBuffer | SharedArrayBuffer = (bytes) => new ArrayBuffer(bytes),
): EnvironmentColumns {
  return {
    actions: new Float32Array(allocate(4 * numEnvs * actionDim)),
    observations: new Float32Array(allocate(4 * numEnvs * observationDim)),
    nextObservations: new Float32Array(allocate(4 * numEnvs * observationDim)),
    rewards: new Float32Array(allocate(4 * numEnvs)),
    terminated: new Uint8Array(allocate(numEnvs)),
    truncated: new Uint8Array(allocate(numEnvs)),
    successes: new Uint8Array(allocate(numEnvs)),
    episodes: new Int32Array(allocate(4 * numEnvs)),
    active: new Uint8Array(allocate(numEnvs)),
    seed: new Float64Array(allocate(Float64Array.BYTES_PER_ELEMENT)),
  };
}
