import type { Environment, EnvironmentSpec } from '../../envs/env.js';
import { makeEnvironment } from '../../envs/registry.js';
import { hashSeed } from '../rng.js';
import type { Command, EnvironmentColumns } from './columns.js';
import type { VectorEnvironmentOptions } from './vector_env.js';

/** Creates `count` environments of a vector environment. */
export async function createEnvironments(
  options: VectorEnvironmentOptions,
  count: number,
): Promise<Environment[]> {
  const environments: Environment[] = [];
  for (let i = 0; i < count; i++) environments.push(await makeEnvironment(options.envId, options));
  return environments;
}

/**
 * Steps the environments `first`, `first + 1`, … of a vector environment, each on its row of the columns, and starts
 * the next episode where one has ended. The same code runs in the main thread and in the workers.
 */
export class EnvironmentGroup {
  private readonly rows: Row[];

  constructor(
    private readonly environments: readonly Environment[],
    private readonly options: Pick<VectorEnvironmentOptions, 'numEnvs' | 'ignoreTerminations'>,
    private readonly first: number,
    private readonly columns: EnvironmentColumns,
  ) {
    this.rows = environments.map((environment, k) => rowOf(environment.spec, columns, first + k));
  }

  run(command: Command): void {
    for (let k = 0; k < this.environments.length; k++) {
      if (this.columns.active[this.first + k] === 0) continue;
      if (command === 'start') this.start(k);
      else this.step(k);
    }
  }

  close(): void {
    for (const environment of this.environments) environment.close();
  }

  private start(k: number): void {
    const env = this.first + k;
    const { seed, episodes } = this.columns;
    const episodeSeed = hashSeed(seed[0], episodes[env] * this.options.numEnvs + env);
    this.environments[k].reset(episodeSeed, this.rows[k].observation);
  }

  private step(k: number): void {
    const env = this.first + k;
    const { columns } = this;
    const { action, observation, nextObservation } = this.rows[k];
    const outcome = this.environments[k].step(action, nextObservation);
    const terminated = outcome.terminated && !(outcome.success && this.options.ignoreTerminations);
    columns.rewards[env] = outcome.reward;
    columns.terminated[env] = terminated ? 1 : 0;
    columns.truncated[env] = outcome.truncated ? 1 : 0;
    columns.successes[env] = outcome.success ? 1 : 0;
    if (terminated || outcome.truncated) {
      columns.episodes[env]++;
      this.start(k);
    } else {
      observation.set(nextObservation);
    }
  }
}

interface Row {
  action: Float32Array;
  observation: Float32Array;
  nextObservation: Float32Array;
}

function rowOf(
  { observationDim, actionDim }: EnvironmentSpec,
  columns: EnvironmentColumns,
  row: number,
): Row {
  const from = row * observationDim;
  return {
    action: columns.actions.subarray(row * actionDim, (row + 1) * actionDim),
    observation: columns.observations.subarray(from, from + observationDim),
    nextObservation: columns.nextObservations.subarray(from, from + observationDim),
  };
}
