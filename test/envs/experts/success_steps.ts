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
  const { observationDim, actionDim, actionLow, actionHigh, maxEpisodeSteps } = environment.spec;
  const low = Float32Array.from(actionLow);
  const high = Float32Array.from(actionHigh);
  const expert = makeExpert(environment.spec, options);
  const observation = new Float32Array(observationDim);
  const action = new Float32Array(actionDim);
  const steps: number[] = [];
  for (let seed = 0; seed < episodes; seed++) {
    environment.reset(seed, observation);
    expert.reset(seed);
    for (let step = 1; step <= maxEpisodeSteps; step++) {
      expert.act(observation, action);
      expect(action.every((value, i) => value >= low[i] && value <= high[i])).toBe(true);
      if (!environment.step(action, observation).success) continue;
      steps.push(step);
      break;
    }
  }
  return steps;
}
