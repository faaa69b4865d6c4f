import { join } from 'node:path';

/** Names of the tiers of a task's data, the best first. */
export const TIERS = ['expert', 'medium', 'replay', 'human-like', 'half-failed', 'random'] as const;

export type Tier = (typeof TIERS)[number];

/** Episodes of a tier; of `replay`, as many as there are. */
export const TIER_EPISODES = 200;

/** Tiers that `make_demos` makes, and the arguments by which it does. */
const MADE: Partial<Record<Tier, readonly string[]>> = {
  expert: ['--only-successes'],
  'human-like': ['--speed', '0.6', '--action-noise', '0.3', '--imperfect-share', '0.3'],
  'half-failed': ['--failed-share', '0.5', '--action-noise', '0.2'],
  random: ['--policy', 'random'],
};

/** Cloning updates before the phase online of the training whose policy is `medium`, by task: the harder, the more. */
const CLONE_STEPS: Readonly<Record<string, number>> = {
  'PickCube-v1': 300,
  'PushCube-v1': 100,
  'StackCube-v1': 5000,
  'LiftPegUpright-v1': 2000,
  'PokeCube-v1': 300,
};
const USUAL_CLONE_STEPS = 300;

/** The folder of a task's tiers, and of the training that two of them come from. */
export const TIER_FOLDER = 'exps/results/demos/tiers';

/** Path of the dataset of a task's tier. */
export function tierPath(envId: string, tier: Tier): string {
  return join(TIER_FOLDER, `${envId}-${tier}.h5`);
}

/** Path of the run of which the medium policy and its experience are. */
export function mediumRunPath(envId: string): string {
  return join(TIER_FOLDER, `${envId}-training`);
}

/** Words of the command that makes a tier, after `rlpd`. Those of `medium` and `replay` need the training of `mediumWords`. */
export function tierWords(envId: string, tier: Tier): string[] {
  const output = tierPath(envId, tier);
  const run = mediumRunPath(envId);
  if (tier === 'medium') {
    return ['collect', run, `num_episodes=${TIER_EPISODES}`, 'deterministic=False', `output=${output}`];
  }
  if (tier === 'replay') return ['data', 'experience', run, '--output', output];
  const size = ['--num-episodes', String(TIER_EPISODES)];
  return ['make_demos', '--output', output, '--env-id', envId, ...size, ...MADE[tier]!];
}

/**
 * Words of the training whose policy becomes medium: the default recipe with twenty demonstrations, hardly any cloning, and few
 * updates for much experience. It keeps its replay buffer.
 */
export function mediumWords(envId: string, steps: number): string[] {
  return [
    'train',
    `env.env_id=${envId}`,
    'train.num_demos=20',
    `train.bc_warm_start_steps=${CLONE_STEPS[envId] ?? USUAL_CLONE_STEPS}`,
    'train.steps_per_env=2',
    `train.steps=${steps}`,
  ];
}
