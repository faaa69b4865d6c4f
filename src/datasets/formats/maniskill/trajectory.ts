/** Recorded simulator states by part name, each [T + 1, size of the part] in ManiSkill's `env_states` layout. */
export interface EnvStates {
  actors: Record<string, Float32Array>;
  articulations: Record<string, Float32Array>;
  /** Additions of a task, each [T + 1, 1]: groups beside the other two, which ManiSkill's tools pass over. */
  memory?: Record<string, Float32Array>;
  geometry?: Record<string, Float32Array>;
}

/** One recorded episode of T steps: T actions, and T + 1 observations with the true final one last. */
export interface Trajectory {
  episodeId: number;
  seed: number | null;
  length: number;
  /** [T + 1, observationDim] */
  observations: Float32Array;
  /** [T, actionDim] */
  actions: Float32Array;
  /** [T, actionDim]: what was intended where noise was added to it; left out if nothing was. An addition of ours to the format. */
  intendedActions?: Float32Array;
  /** [T], or null where none were recorded. */
  rewards: Float32Array | null;
  /** [T], 0 or 1, like the two below. */
  terminated: Uint8Array;
  truncated: Uint8Array;
  /** Success in the state that the step led to. */
  success: Uint8Array;
}
