import { toEnvironmentActions } from '../../buffers/action_scale.js';
import { ReplayBuffer } from '../../buffers/replay_buffer.js';
import { demoRowsOf } from '../../buffers/symmetric_sampler.js';
import type { Config } from '../../config/schema.js';
import { neededTermination } from '../../config/task.js';
import type { Agent } from '../../learner/agent.js';
import type { Run } from '../run.js';

/** The rows of data in batches of the phase offline: all of them, unless the algorithm makes rollouts. */
export function dataRowsOf({ rollouts }: Pick<Agent, 'rollouts'>, { train }: Pick<Config, 'train'>): number {
  return rollouts ? demoRowsOf(train.batch_size, rollouts.realShare) : train.batch_size;
}

/** An empty buffer for the rollouts of an agent; null if it makes none, or learns from none. */
export function rolloutBuffer(agent: Agent, config: Pick<Config, 'train'>): ReplayBuffer | null {
  const { rollouts, observationDim, actionDim } = agent;
  if (!rollouts || dataRowsOf(agent, config) === config.train.batch_size) return null;
  return new ReplayBuffer({ capacity: rollouts.capacity, numEnvs: 1, observationDim, actionDim });
}

/** Has the agent make rollouts in its model, if it makes any and they are due, or if there are none. */
export async function makeRollouts({
  agent,
  data,
  imagined,
  actionScale,
  interval,
  config,
}: Run): Promise<void> {
  if (!imagined || (agent.rollouts!.updatesLeft > 0 && imagined.size > 0)) return;
  const isOver = neededTermination(config, config.algo);
  const metrics = await agent.imagine(data!, imagined, (observations, actions, nextObservations) => {
    const envActions = actions.slice();
    if (actionScale) toEnvironmentActions(envActions, actionScale);
    return isOver(observations, envActions, nextObservations);
  });
  interval.updates.addAll(metrics);
}
