import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../../src/config/load.js';
import type { Config } from '../../../src/config/schema.js';
import type { StopSignal } from '../../../src/stop_signal.js';
import type { RunDisplay } from '../../../src/training/run_display.js';

/** A training of seconds: small networks, two environments, three recorded demonstrations. */
export function tinyConfig(workspace: string, overrides: readonly string[] = []): Config {
  return loadConfig('configs/base_rlpd_ms3.yml', [
    'train.dataset_path=test/fixtures/demos/pick_cube.h5',
    'train.steps=160',
    'train.save_buffer_in_checkpoints=True',
    'env.num_envs=2',
    'sac.batch_size=16',
    'sac.num_seed_steps=32',
    'sac.steps_per_env=4',
    'sac.grad_updates_per_step=4',
    'sac.actor_update_freq=2',
    'sac.num_qs=3',
    'sac.bc_warm_start_steps=20',
    'sac.critic_pretrain_steps=20',
    'sac.bc_weight=0.5',
    'sac.n_step=3',
    'sac.normalize_observations=True',
    'sac.log_freq=40',
    'sac.eval_freq=80',
    'sac.save_freq=80',
    'sac.eval_episodes=2',
    'eval.num_videos=0',
    'network.actor.arch_cfg.features=[32, 32]',
    'network.critic.arch_cfg.features=[32, 32]',
    'logger.exp_name=tiny',
    `logger.workspace=${workspace}`,
    ...overrides,
  ]);
}

export function temporaryWorkspace(): string {
  return mkdtempSync(join(tmpdir(), 'rlpd-test-'));
}

/** Shows nothing and keeps the notes. */
export function silentDisplay(): RunDisplay & { notes: string[] } {
  const notes: string[] = [];
  return {
    notes,
    note: (text) => notes.push(text),
    listen() {},
    startBar: () => ({ update() {}, print() {}, stop() {} }),
    evaluation() {},
    demonstrations() {},
  };
}

/** A stop request that comes when it is looked at for the `count`-th time. */
export function stopAtLook(count: number): StopSignal {
  let looks = 0;
  return {
    get aborted() {
      return ++looks >= count;
    },
  };
}
