import type { Config } from '../../src/config/schema.js';
import { distribution } from '../../src/rollout/episode_stats.js';

/** Phases between which a training's time is divided. */
export const PHASES = ['env', 'inference', 'sampling', 'update', 'log', 'eval', 'save', 'rest'] as const;
export type Phase = (typeof PHASES)[number];
/** Seconds of each phase. */
export type Costs = Record<Phase, number>;

/** Phases that a training goes through all the time; the others are rare. */
export const COMMON_PHASES = ['env', 'inference', 'sampling', 'update'] as const;

/** Seconds of a stretch of training: in all, in each common phase, and in the log lines that fell into it. */
export interface Stretch extends Pick<Costs, (typeof COMMON_PHASES)[number] | 'log'> {
  envSteps: number;
  elapsed: number;
}

/** The seconds of one log line, one evaluation and one checkpoint. */
export type Occasions = Pick<Costs, 'log' | 'eval' | 'save'>;

/** The seconds of each phase for one env step, if occasions come as often as the configuration says. */
export function costsPerEnvStep(
  stretch: Stretch,
  occasions: Occasions,
  { train }: Pick<Config, 'train'>,
): Costs {
  const { envSteps, elapsed, env, inference, sampling, update, log } = stretch;
  return {
    env: env / envSteps,
    inference: inference / envSteps,
    sampling: sampling / envSteps,
    update: update / envSteps,
    log: occasions.log / train.log_freq,
    eval: occasions.eval / train.eval_freq,
    save: occasions.save / train.save_freq,
    rest: (elapsed - env - inference - sampling - update - log) / envSteps,
  };
}

/** All phases together. */
export function totalOf(costs: Costs): number {
  return PHASES.reduce((total, phase) => total + costs[phase], 0);
}

/** The median of each phase. */
export function medianCosts(rounds: readonly Costs[]): Costs {
  const median = (phase: Phase) => distribution(rounds.map((costs) => costs[phase])).median;
  return Object.fromEntries(PHASES.map((phase) => [phase, median(phase)])) as Costs;
}
