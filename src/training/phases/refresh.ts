import type { Run } from '../run.js';

/**
 * Has the agent make its own columns of batches anew, if it makes any and they are due, or if a source of batches has none of
 * them yet.
 */
export async function refreshColumns({ agent, data, online, config }: Run): Promise<void> {
  if (agent.updatesUntilRefresh === Number.POSITIVE_INFINITY) return;
  const { discount, n_step: nSteps } = config.train;
  const buffers = [data, online?.replay ?? null].flatMap((buffer) =>
    buffer && buffer.size > 0 ? [buffer] : [],
  );
  const areKnown = buffers.every((buffer) => buffer.isKnownSomewhere(agent.columns, nSteps));
  if (agent.updatesUntilRefresh === 0 || !areKnown) await agent.refresh(buffers, discount);
}
