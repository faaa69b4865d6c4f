import { allocateColumns, type Stepper } from './columns.js';
import { createEnvironments, EnvironmentGroup } from './environment_group.js';
import type { VectorEnvironmentOptions } from './vector_env.js';

/** Steps all environments in the calling thread. */
export async function createInProcessStepper(options: VectorEnvironmentOptions): Promise<Stepper> {
  const environments = await createEnvironments(options, options.numEnvs);
  const { spec } = environments[0];
  const columns = allocateColumns(options.numEnvs, spec);
  const group = new EnvironmentGroup(environments, options, 0, columns);
  return {
    spec,
    columns,
    run: async (command) => group.run(command),
    close: async () => group.close(),
  };
}
