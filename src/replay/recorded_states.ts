import type { Environment, EnvironmentState } from '../../envs/env.js';
import { completeState } from '../../envs/registry.js';
import type { RecordedStart } from '../../envs/tasks/recorded_geometry.js';
import type { EnvStates } from '../datasets/formats/maniskill/trajectory.js';
import { UserError } from '../errors.js';

/** The simulator states of a recorded episode, one at a time. */
export class RecordedStates {
  private recovered: EnvironmentState['geometry'];

  /**
   * @param count the number of states, T + 1.
   * @param source what errors name: the file and the episode's group in it.
   */
  constructor(
    private readonly states: EnvStates,
    readonly count: number,
    private readonly source: string,
  ) {}

  /**
   * Adds the shapes of the episode's bodies where they differ between the episodes of `envId` and the states lack them:
   * they are found by what else is recorded of its start. Throws a UserError if that does not tell them.
   */
  complete(envId: string, start: RecordedStart): this {
    this.name(0, () => {
      this.recovered = completeState(envId, this.at(0), start).geometry;
    });
    return this;
  }

  /** A copy of state `step`, 0 to T. */
  at(step: number): EnvironmentState {
    const { actors, articulations, memory, geometry } = this.states;
    return {
      actors: this.rowsAt(actors, step),
      articulations: this.rowsAt(articulations, step),
      ...(memory && { memory: this.rowsAt(memory, step) }),
      ...(this.recovered && { geometry: this.recovered }),
      ...(geometry && { geometry: this.rowsAt(geometry, step) }),
    };
  }

  /** Puts `environment` in state `step`. Throws a UserError if the state is not one of that environment. */
  apply(environment: Environment, step: number): void {
    this.name(step, () => environment.setState(this.at(step)));
  }

  /** Throws a UserError that names the first state that is not one of `environment`. */
  check(environment: Environment): void {
    for (let step = 0; step < this.count; step++) {
      this.name(step, () => environment.checkState(this.at(step)));
    }
  }

  /** Begins an episode of `environment` in state 0; see {@link Environment.resetTo}. Throws likewise. */
  begin(environment: Environment, seed: number | null, observation: Float32Array): void {
    this.name(0, () => environment.resetTo(this.at(0), seed, observation));
  }

  /** Lets an error of `use` name state `step`. */
  private name(step: number, use: () => void): void {
    try {
      use();
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      throw new UserError(`${this.source}/env_states, state ${step}: ${problem}`, { cause: error });
    }
  }

  private rowsAt(parts: Record<string, Float32Array>, step: number): Record<string, Float64Array> {
    const row = (data: Float32Array) => {
      const width = data.length / this.count;
      return Float64Array.from(data.subarray(step * width, (step + 1) * width));
    };
    return Object.fromEntries(Object.entries(parts).map(([name, data]) => [name, row(data)]));
  }
}
