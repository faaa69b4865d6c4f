/** Deviations of a demonstrator from its best. */
export interface ExpertOptions {
  seed: number;
  /** Standard deviation of the Gaussian noise added to the arm's movements, as shares of the largest. */
  actionNoise: number;
  /** Share of episodes, 0 to 1, that are spoilt on purpose, by a flaw of the task's script or by being slow. */
  imperfectShare: number;
  /** Share of its speed that it moves at, above 0 and up to 1. */
  speed: number;
}

/**
 * A scripted demonstrator. Its actions follow from the observation alone, which is what makes them easy to imitate;
 * only noise and flaws are drawn per episode, from the seeds.
 */
export interface Expert {
  /** Starts an episode. The same options and episode seed give the same noise and flaws. */
  reset(episodeSeed: number): void;

  /** Writes the action [actionDim], within its bounds, for `observation` [observationDim] into `action`. */
  act(observation: Float32Array, action: Float32Array): void;

  /** The latest action [actionDim] as it would be without noise. `act` writes it anew. */
  readonly intended: Float32Array;
}
