import { expect } from 'vitest';
import type { Environment } from '../../../envs/env.js';
import type { ExpertOptions } from '../../../envs/experts/expert.js';
import { makeExpert } from '../../../envs/experts/make_expert.js';

/** Options of an expert at its best. */
export const PERFECT: ExpertOptions = { seed: 1, actionNoise: 0, imperfectShare: 0, speed: 1 };

/**
 * The steps after which an expert first succeeds, of the first `episodes` seeds; those without success are left out.
 * Expects its actions to be within their bounds.
 */
export function successSteps(environment: Environment, options: ExpertOptions, episodes: number): number[] {
  return demonstrate(environment, options, episodes, true).map(({ step }) => step);
}

/** The number of episodes among the first `episodes` seeds that are a success when their time is up. */
export function successesAtEnd(environment: Environment, options: ExpertOptions, episodes: number): number {
  return demonstrate(environment, options, episodes, false).filter(({ isLasting }) => isLasting).length;
}

/** The episodes with a success: its step, and whether the last step of the episode is one too. */
function demonstrate(
  environment: Environment,
  options: ExpertOptions,
  episodes: number,
  stopsAtSuccess: boolean,
): { step: number; isLasting: boolean }[] {
  const { observationDim, actionDim, actionLow, actionHigh, maxEpisodeSteps } = environment.spec;
  const low = Float32Array.from(actionLow);
  const high = Float32Array.from(actionHigh);
  const expert = makeExpert(environment.spec, options);
  const observation = new Float32Array(observationDim);
  const action = new Float32Array(actionDim);
  const successful: { step: number; isLasting: boolean }[] = [];
  for (let seed = 0; seed < episodes; seed++) {
    environment.reset(seed, observation);
    expert.reset(seed);
    let first: number | null = null;
    for (let step = 1; step <= maxEpisodeSteps && !(stopsAtSuccess && first); step++) {
      expert.act(observation, action);
      expect(action.every((value, i) => value >= low[i] && value <= high[i])).toBe(true);
      if (environment.step(action, observation).success) first ??= step;
    }
    if (first !== null) successful.push({ step: first, isLasting: environment.evaluate().success });
  }
  return successful;
}
