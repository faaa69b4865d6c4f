import type { Agent } from '../agents/agent.js';
import type { Config } from '../config/schema.js';
import { toEnvironmentActions } from '../data/action_scale.js';
import { duration } from '../duration.js';
import { prefixed } from '../logging/logger.js';
import { summaryMetrics } from '../logging/tables.js';
import { streamSeed } from '../rng.js';
import { evaluate, type Policy } from '../rollout/evaluate.js';
import { createVectorEnvironment, type VectorEnvironment } from '../rollout/vector_env.js';
import type { EvaluationPoint, Run } from './run.js';
import { saveBest } from './saving.js';

/** The environments that evaluations run in: always the same episodes, those of `eval_env.seed`. */
export function createEvaluationEnvs(config: Config): Promise<VectorEnvironment> {
  const { env, eval_env: evalEnv } = config;
  return createVectorEnvironment({
    envId: env.env_id,
    controlMode: env.env_kwargs.control_mode,
    rewardMode: env.env_kwargs.reward_mode,
    maxEpisodeSteps: evalEnv.max_episode_steps,
    numEnvs: evalEnv.num_envs,
    numWorkers: 0,
    seed: streamSeed(evalEnv.seed, 'eval-episodes'),
    ignoreTerminations: true,
  });
}

/** How many full-length episodes an evaluation has: `sac.eval_episodes`, or as many as `sac.eval_steps` hold. */
export function evaluationEpisodes(config: Config): number {
  const { sac, eval_env: evalEnv } = config;
  const perEnv = Math.max(1, Math.floor(sac.eval_steps / evalEnv.max_episode_steps));
  return sac.eval_episodes ?? perEnv * evalEnv.num_envs;
}

/** The policy's most likely actions, as the environment takes them. */
export function greedyPolicy(agent: Agent, actionScale: Float32Array | null): Policy {
  return async (observations, actions) => {
    await agent.act(observations, actions, 'mode');
    if (actionScale) toEnvironmentActions(actions, actionScale);
  };
}

/** Evaluates the policy's most likely actions, logs and shows the result, and keeps the checkpoint if it is the best. */
export async function evaluateRun(run: Run): Promise<EvaluationPoint> {
  const { progress, agent, display } = run;
  const started = performance.now();
  const numEpisodes = evaluationEpisodes(run.config);
  const { summary } = await evaluate(run.evalEnvs, greedyPolicy(agent, run.actionScale), numEpisodes);
  const point: EvaluationPoint = {
    envSteps: progress.envSteps,
    seconds: run.seconds(),
    successOnce: summary.success_once,
    successAtEnd: summary.success_at_end,
    firstSuccessStep: summary.success_once > 0 ? summary.first_success_step.median : null,
  };
  const best = Math.max(-1, ...progress.evaluations.map(({ successAtEnd }) => successAtEnd));
  progress.evaluations.push(point);
  const seconds = (performance.now() - started) / 1000;
  run.logger.log(progress.envSteps, prefixed('eval', { ...summaryMetrics(summary), seconds }));
  display.evaluation(
    `evaluation of ${numEpisodes} episodes at ${progress.envSteps} env steps, ${duration(point.seconds)}`,
    summary,
  );
  if (point.successAtEnd > best) await saveBest(run);
  return point;
}
