import { onlineAlgorithm } from '../../config/chosen_algorithm.js';
import { beginningsText, carryOver } from '../../learner/carry_over.js';
import { createAgent } from '../create_agent.js';
import { logRest } from '../logs/log_interval.js';
import type { Run } from '../run.js';
import { balancedSampler } from './balance.js';

/**
 * Lets the algorithm of the phase online go on where another one has learnt, if it is another and has not begun yet: with what both have in
 * common, which a note tells. From here on the run's agent is its own. Rollouts in the first one's model end.
 */
export async function handOver(run: Run): Promise<void> {
  const { agent, config, spec, display, data } = run;
  const following = onlineAlgorithm(config);
  if (agent.algorithm === following) return;
  logRest(run);
  const next = await createAgent(config, following, agent, spec);
  try {
    display.note(beginningsText(agent.algorithm, following, await carryOver(agent, next)));
  } catch (error) {
    await next.dispose();
    throw error;
  }
  run.agent = next;
  run.imagined = null;
  const { replay } = run.online!;
  run.sampler.drawOnlineFrom(replay);
  run.balanced = balancedSampler(next, config, data, replay, spec);
  await agent.dispose();
}
