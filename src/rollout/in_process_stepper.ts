import type { Environment } from '../../envs/env.js';
import { allocateColumns, type Stepper } from './columns.js';
import { EnvironmentGroup } from './environment_group.js';

/** Steps all environments, of one kind, in the calling thread. */
export function inProcessStepper(
  environments: readonly Environment[],
  { ignoreTerminations }: { ignoreTerminations: boolean },
): Stepper {
  const [{ spec }] = environments;
  const numEnvs = environments.length;
  const columns = allocateColumns(numEnvs, spec);
  const group = new EnvironmentGroup(environments, { numEnvs, ignoreTerminations }, 0, columns);
  return {
    spec,
    columns,
    run: async (command) => group.run(command),
    close: async () => group.close(),
  };
}
