import { describe, expect, it } from 'vitest';
import { parseCollectOptions } from '../../../src/collect/collect_options.js';
import { loadConfig } from '../../../src/config/load.js';
import { configSchema } from '../../../src/config/schema.js';
import { kindOf, schemaAt } from '../../../src/config/schema_tree.js';
import { configKeys } from '../../../src/config/suggest.js';
import { UserError } from '../../../src/errors.js';
import { tinyConfig } from '../training/tiny_run.js';
import { isForeign } from './foreign_keys.js';

const load = (...overrides: string[]) => loadConfig('configs/base_rlpd_ms3.yml', overrides);

describe('a number that a run can do nothing with', () => {
  it.each([
    ['seed', '-1'],
    ['seed', '4294967296'],
    ['demo_seed', '4294967296'],
    ['eval_env.seed', '9007199254740993'],
    ['env.num_envs', '0'],
    ['env.num_envs', '1e9'],
    ['env.num_workers', '100_000'],
    ['env.max_episode_steps', '0'],
    ['env.max_episode_steps', '1e15'],
    ['env.randomization.friction', '-0.1'],
    ['env.randomization.observation_noise', '1e30'],
    ['eval_env.num_envs', '0'],
    ['eval.num_videos', '1e6'],
    ['eval.video_fps', '0'],
    ['eval.video_fps', '101'],
    ['train.replay_buffer_capacity', '0'],
    ['train.replay_buffer_capacity', '1e15'],
    ['train.batch_size', '0'],
    ['train.batch_size', '1e6'],
    ['train.steps_per_env', '1e9'],
    ['train.grad_updates_per_step', '1e9'],
    ['rlpd.num_qs', '0'],
    ['rlpd.num_qs', '1e5'],
    ['train.discount', '-0.1'],
    ['train.discount', '1'],
    ['train.discount', '1.1'],
    ['rlpd.tau', '0'],
    ['rlpd.tau', '1.1'],
    ['rlpd.actor_tau', '0'],
    ['rlpd.initial_temperature', '0'],
    ['rlpd.initial_temperature', '1e-50'],
    ['rlpd.target_entropy', '1e30'],
    ['train.n_step', '0'],
    ['train.n_step', '1e9'],
    ['train.eval_episodes', '0'],
    ['train.log_freq', '0'],
    ['train.exploration_noise', '-1'],
    ['train.exploration_correlation', '1'],
    ['train.augment_turn', '4'],
    ['rlpd.log_std_min', '2'],
    ['rlpd.log_std_min', '-100'],
    ['rlpd.bc_weight', '-1'],
    ['train.bc_learning_rate', '0'],
    ['rlpd.bc_decay_steps', '0'],
    ['train.actor_lr', '1e-50'],
    ['train.steps', '0'],
    ['train.data_action_scale', '0'],
    ['train.keep_checkpoints', '0'],
    ['demos.action_noise', '-1'],
    ['demos.imperfect_share', '2'],
    ['network.actor.arch_cfg.features', '[]'],
    ['network.actor.arch_cfg.features', '[0]'],
    ['network.critic.arch_cfg.features', '[1e9]'],
    ['network.observations', '[]'],
  ])('is refused by its key: %s=%s', (key, value) => {
    expect(() => load(`${key}=${value}`)).toThrow(UserError);
    expect(() => load(`${key}=${value}`)).toThrow(`configs/base_rlpd_ms3.yml: ${key}`);
  });

  it('is refused for every key if it is negative without end, or no number', () => {
    const numbers = configKeys().filter((key) => kindOf(schemaAt(configSchema, key.split('.'))) === 'number');
    expect(numbers.length).toBeGreaterThan(40);
    const own = numbers.filter((key) => !isForeign(key));
    for (const key of own) {
      for (const value of ['-1e300', '-1e999', 'nan']) {
        expect(() => load(`${key}=${value}`), key).toThrow(`${key}: `);
      }
    }
  });
});

describe('numbers that do not go together', () => {
  it.each([
    [
      ['train.replay_buffer_capacity=31'],
      'train.replay_buffer_capacity (31) must hold a training step, which is env.num_envs (8) × train.steps_per_env (4) = 32',
    ],
    [
      ['train.replay_buffer_capacity=32', 'train.n_step=5'],
      'train.replay_buffer_capacity (32) must hold train.n_step (5) steps of env.num_envs (8)',
    ],
    [
      ['train.batch_size=100_000', 'train.grad_updates_per_step=1000'],
      'train.grad_updates_per_step (1000) × train.batch_size (100000) rows are in memory at a time',
    ],
  ])('are refused by their keys: %j', (overrides, message) => {
    expect(() => load(...overrides)).toThrow(UserError);
    expect(() => load(...overrides)).toThrow(message);
  });

  it('are all right at the limit', () => {
    expect(load('train.replay_buffer_capacity=32').train.replay_buffer_capacity).toBe(32);
    expect(load('train.discount=0', 'rlpd.tau=1', 'rlpd.actor_tau=1').rlpd).toMatchObject({
      tau: 1,
      actor_tau: 1,
    });
  });
});

it.each([
  'num_envs=1e9',
  'seed=4294967296',
  'num_episodes=0',
  'num_episodes=1e15',
  'save_video=65',
  'output=',
])('collecting refuses %s, too', (word) => {
  const parse = () => parseCollectOptions([word], tinyConfig('exps'));
  expect(parse).toThrow(UserError);
  expect(parse).toThrow(word.split('=')[0]);
});
