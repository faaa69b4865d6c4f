import { checkEnvironment } from '../../envs/registry.js';
import { UserError } from '../errors.js';
import type { Config } from './schema.js';

/**
 * Rules between keys, which a schema of single keys can't state. Throws a UserError that names the keys and `source`,
 * where they come from.
 */
export function checkConsistency(config: Config, source: string): void {
  const { env, sac, train } = config;
  const refuse = (problem: string, cause?: unknown): never => {
    throw new UserError(`${source}: ${problem}`, { cause });
  };
  try {
    checkEnvironment(env.env_id, env.env_kwargs.control_mode);
  } catch (error) {
    refuse(`env.env_id: ${(error as Error).message}`, error);
  }
  if (sac.num_min_qs > sac.num_qs) {
    refuse(`sac.num_min_qs (${sac.num_min_qs}) must not exceed sac.num_qs (${sac.num_qs})`);
  }
  if (sac.batch_size % 2 !== 0) {
    refuse(`sac.batch_size (${sac.batch_size}) must be even: half of a batch is demonstrations`);
  }
  for (const key of ['grad_updates_per_step', 'early_grad_updates_per_step'] as const) {
    const updates = sac[key] ?? 0;
    if (updates % sac.actor_update_freq !== 0) {
      refuse(
        `sac.${key} (${updates}) must be a multiple of sac.actor_update_freq (${sac.actor_update_freq})`,
      );
    }
    if (updates * sac.batch_size > MAX_BATCH_ROWS) {
      refuse(
        `sac.${key} (${updates}) × sac.batch_size (${sac.batch_size}) rows are in memory at a time: at most ` +
          MAX_BATCH_ROWS.toLocaleString('en-US'),
      );
    }
  }
  const stepRows = env.num_envs * sac.steps_per_env;
  if (sac.replay_buffer_capacity < stepRows) {
    refuse(
      `sac.replay_buffer_capacity (${sac.replay_buffer_capacity}) must hold a training step, which is ` +
        `env.num_envs (${env.num_envs}) × sac.steps_per_env (${sac.steps_per_env}) = ${stepRows} transitions`,
    );
  }
  if (sac.replay_buffer_capacity < env.num_envs * sac.n_step) {
    refuse(
      `sac.replay_buffer_capacity (${sac.replay_buffer_capacity}) must hold sac.n_step (${sac.n_step}) steps of ` +
        `env.num_envs (${env.num_envs})`,
    );
  }
  if (train.device === 'gpu' && train.backend !== 'compiled') {
    const gpuByItself = train.backend === 'tfjs-node-gpu' ? ', which uses the graphics card by itself' : '';
    refuse(
      `train.device=gpu goes with train.backend=compiled, not with ${train.backend}${gpuByItself}: ` +
        'set train.device=cpu or train.backend=compiled',
    );
  }
}

/** Rows of all updates of a training step together; about 4 GB in PickCube. */
const MAX_BATCH_ROWS = 10_000_000;
