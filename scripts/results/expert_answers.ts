import type { EnvironmentSpec } from '../../envs/env.js';
import { expertEnvIds, makeExpert } from '../../envs/experts/make_expert.js';
import { environmentSpec } from '../../envs/registry.js';
import { UserError } from '../../src/errors.js';

/** A scripted expert that is asked by lines of JSON, and answers by lines of JSON. */
export interface ExpertAnswers {
  /** Facts that whoever asks should compare with those of its own simulator. */
  greeting: string;
  /** The answer to `{"reset": <episode>}` is `{}`, that to `{"observation": [...]}` is `{"action": [...]}`. */
  answer(line: string): string;
}

/** Throws a UserError if the task is unknown or has no expert, or the control mode is unknown. */
export function expertAnswers(envId: string, controlMode: string): ExpertAnswers {
  const spec = specOf(envId, controlMode);
  const expert = makeExpert(spec, { seed: 0, actionNoise: 0, imperfectShare: 0, speed: 1 });
  const action = new Float32Array(spec.actionDim);
  return {
    greeting: JSON.stringify({
      robot: spec.robot,
      observation_layout: spec.observationLayout.map(({ name, size }) => [name, size]),
    }),
    answer(line) {
      const question: { reset: number } | { observation: number[] } = JSON.parse(line);
      if ('reset' in question) {
        expert.reset(question.reset);
        return '{}';
      }
      const { observation } = question;
      if (observation.length !== spec.observationDim)
        throw new UserError(
          `an observation of ${observation.length} values; ${envId} has ${spec.observationDim}`,
        );
      expert.act(Float32Array.from(observation), action);
      return JSON.stringify({ action: [...action] });
    },
  };
}

function specOf(envId: string, controlMode: string): EnvironmentSpec {
  const known = expertEnvIds();
  if (!known.includes(envId)) throw new UserError(`no expert for "${envId}"; there are: ${known.join(', ')}`);
  try {
    return environmentSpec(envId, { controlMode, rewardMode: 'none' });
  } catch (error) {
    throw new UserError((error as Error).message, { cause: error });
  }
}
