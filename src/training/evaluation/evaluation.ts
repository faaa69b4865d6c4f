import { toEnvironmentActions } from '../../buffers/action_scale.js';
import { measureOf, normalizedReturn } from '../../config/task.js';
import { duration } from '../../duration.js';
import type { Agent } from '../../learner/agent.js';
import { prefixed } from '../../logging/logger.js';
import { summaryMetrics } from '../../logging/tables.js';
import { evaluate, type Policy } from '../../rollout/evaluate.js';
import { isBest } from '../checkpoints/best.js';
import { saveBest } from '../checkpoints/saving.js';
import { logMetrics, type Run } from '../run.js';
import { type EvaluationPoint, stepsOf, stepsText } from '../run_progress.js';
import { evaluationEpisodes } from './evaluation_envs.js';
import { addVideo } from './evaluation_videos.js';

/** The policy's most likely actions, as the environment takes them. */
export function greedyPolicy(agent: Agent, actionScale: Float32Array | null): Policy {
  return async (observations, actions) => {
    await agent.act(observations, actions, 'mode');
    if (actionScale) toEnvironmentActions(actions, actionScale);
  };
}

/**
 * Evaluates the policy's most likely actions, logs and shows the result, has its video made, and keeps the checkpoint if
 * it is the best, as the task is judged. Does nothing in a run without a task.
 */
export async function evaluateRun(run: Run): Promise<void> {
  const { progress, agent, display, evalEnvs } = run;
  if (!evalEnvs) return;
  const started = performance.now();
  const judgedBy = measureOf(run.config);
  const numEpisodes = evaluationEpisodes(run.config);
  const { summary, actions } = await evaluate(greedyPolicy(agent, run.actionScale), evalEnvs, {
    episodes: numEpisodes,
    recorded: run.config.eval.num_videos,
  });
  const point: EvaluationPoint = {
    envSteps: stepsOf(progress),
    seconds: run.seconds(),
    successOnce: judgedBy === 'return' ? null : summary.success_once,
    successAtEnd: judgedBy === 'return' ? null : summary.success_at_end,
    firstSuccessStep: summary.success_once > 0 ? summary.first_success_step.median : null,
    return: summary.return.mean,
  };
  const isToKeep = isBest(judgedBy, point, progress.evaluations);
  progress.evaluations.push(point);
  const seconds = (performance.now() - started) / 1000;
  const normalized = normalizedReturn(run.config, summary.return.mean);
  const metrics = {
    ...summaryMetrics(summary),
    ...(normalized !== null && { normalized_score: normalized }),
    seconds,
  };
  logMetrics(run, prefixed('eval', metrics));
  display.evaluation(
    `evaluation of ${numEpisodes} episodes at ${stepsText(progress)}, ${duration(point.seconds)}`,
    summary,
    judgedBy,
    normalized,
  );
  addVideo(run, actions);
  if (isToKeep) await saveBest(run, judgedBy);
}
