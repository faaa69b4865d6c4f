import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { ALGORITHM_NAMES } from '../../../src/config/algorithm_sections.js';
import { loadConfig } from '../../../src/config/load.js';
import { configKeys, nearestKey } from '../../../src/config/suggest.js';
import { UserError } from '../../../src/errors.js';

const FAST = 'configs/base_rlpd_ms3.yml';

describe('loadConfig', () => {
  it('reads every recipe in configs/', () => {
    for (const name of readdirSync('configs')) {
      const algo = ALGORITHM_NAMES.find((candidate) => name === `${candidate}.yml`) ?? 'rlpd';
      // Some learn from data alone, which their user has to give, and SAC's from none.
      const data = algo === 'sac' ? [] : ['train.dataset_path=data.h5'];
      expect(loadConfig(`configs/${name}`, data).algo).toBe(algo);
    }
  });

  it("gives the reference's values for its wall-clock recipe", () => {
    const config = loadConfig(FAST, []);
    expect(config.env.num_envs).toBe(8);
    expect(config.rlpd).toMatchObject({
      num_qs: 2,
      tau: 0.005,
      initial_temperature: 1,
      backup_entropy: false,
    });
    expect(config.train).toMatchObject({
      num_seed_steps: 5000,
      batch_size: 256,
      steps_per_env: 4,
      grad_updates_per_step: 16,
      discount: 0.9,
      replay_buffer_capacity: 1_000_000,
      actor_lr: 3e-4,
      critic_lr: 3e-4,
      num_demos: 1000,
      dataset_path: null,
    });
    expect(config.network.critic.arch_cfg).toMatchObject({ features: [256, 256, 256], use_layer_norm: true });
  });

  it('leaves every addition to the reference switched off in its recipes', () => {
    for (const path of [FAST, 'configs/base_rlpd_ms3_sample_efficient.yml']) {
      const { env, train, rlpd, network } = loadConfig(path, []);
      expect(Object.values(env.randomization)).toEqual([0, 0, 0, 0]);
      expect(rlpd).toMatchObject({ bc_weight: 0, bc_weight_end: null, log_std_min: -5, actor_tau: 1 });
      expect(train).toMatchObject({
        phases: ['clone', 'online'],
        n_step: 1,
        normalize_observations: false,
        bc_warm_start_steps: 0,
        early_grad_updates_per_step: null,
        exploration_noise: 0,
        exploration_correlation: 0,
        augment_mirror: false,
        augment_turn: 0,
      });
      expect(network.observations).toBe(null);
      expect(network.actor.arch_cfg.use_layer_norm).toBe(false);
    }
  });

  it('differs between the two reference recipes where the reference does', () => {
    const config = loadConfig('configs/base_rlpd_ms3_sample_efficient.yml', []);
    expect([
      config.env.num_envs,
      config.train.steps_per_env,
      config.rlpd?.['num_qs'],
      config.rlpd?.['num_min_qs'],
    ]).toEqual([1, 1, 10, 2]);
  });

  it("applies overrides, with Python's spellings of numbers and booleans", () => {
    const config = loadConfig(FAST, [
      'train.steps=200_000',
      'seed=42',
      'logger.wandb=True',
      'train.discount=9.5e-1',
      'network.actor.arch_cfg.features=[64, 32]',
      'train.dataset_path=~/demos/a.h5',
    ]);
    expect(config.train.steps).toBe(200_000);
    expect(config.seed).toBe(42);
    expect(config.logger.wandb).toBe(true);
    expect(config.train.discount).toBe(0.95);
    expect(config.network.actor.arch_cfg.features).toEqual([64, 32]);
    expect(config.train.dataset_path).toBe(join(homedir(), 'demos/a.h5'));
  });

  it.each([
    ['sac.num_q=3', 'did you mean "rlpd.num_qs"'],
    ['num_demos=3', 'did you mean "train.num_demos"'],
    ['trian.steps=3', 'did you mean "train.steps"'],
    ['agent.num_qs=3', 'unknown key "agent.num_qs"; did you mean "rlpd.num_qs"'],
    ['train.batch_size=big', 'train.batch_size'],
    ['train.batch_size=255', 'must be even'],
    ['rlpd.num_min_qs=3', 'must not exceed'],
    ['rlpd.actor_update_freq=3', 'multiple'],
    ['seed=1.5', 'seed'],
    ['train.device=cuda', 'train.device'],
    ['env.env_id=PickCub-v1', 'known: PickCube-v1'],
    ['env.env_kwargs.control_mode=pd_jont', 'it has: pd_joint_delta_pos'],
    ['logger.exp_name=../x', 'logger.exp_name'],
    ['__proto__.x=1', 'not a config key'],
    ['bad', 'key.sub=value'],
    ['train.steps=[', 'train.steps: expected a number (got "[")'],
    ['sac={num_qs: [}', 'override "sac={num_qs: [}": not valid YAML'],
  ])('refuses %s and says what would be right', (override, message) => {
    expect(() => loadConfig(FAST, [override])).toThrow(UserError);
    expect(() => loadConfig(FAST, [override])).toThrow(message);
  });

  it('refuses early updates that the actor steps do not divide', () => {
    const overrides = ['rlpd.actor_update_freq=4', 'train.early_grad_updates_per_step=6'];
    expect(() => loadConfig(FAST, overrides)).toThrow(
      'train.early_grad_updates_per_step (6) must be a multiple of rlpd.actor_update_freq (4)',
    );
  });

  it.each([
    ['cpu', 'not with cpu: set train.device=cpu or train.backend=compiled'],
    ['tfjs-node-gpu', 'which uses the graphics card by itself: set train.device=cpu'],
  ])('refuses train.device=gpu with the backend %s', (backend, message) => {
    const attempt = () => loadConfig(FAST, ['train.device=gpu', `train.backend=${backend}`]);
    expect(attempt).toThrow(UserError);
    expect(attempt).toThrow(
      `${FAST}: train.device=gpu goes with train.backend=compiled, not with ${backend}`,
    );
    expect(attempt).toThrow(message);
  });

  it('names a config file that is missing', () => {
    expect(() => loadConfig('configs/none.yml', [])).toThrow('config file "configs/none.yml" not found');
  });

  it("takes the task's own horizon, unless it says otherwise", () => {
    const horizons = (path: string, ...overrides: string[]) => {
      const { env, eval_env: evalEnv } = loadConfig(path, overrides);
      return [env.max_episode_steps, evalEnv.max_episode_steps];
    };
    expect(horizons('configs/default.yml')).toEqual([50, 50]);
    expect(horizons('configs/default.yml', 'env.env_id=RollBall-v1')).toEqual([80, 80]);
    expect(horizons('configs/default.yml', 'env.env_id=RollBall-v1', 'env.max_episode_steps=30')).toEqual([
      30, 80,
    ]);
    expect(horizons(FAST, 'env.env_id=RollBall-v1')).toEqual([50, 50]);
    expect(horizons(FAST, 'env.env_id=RollBall-v1', 'env.max_episode_steps=null')).toEqual([80, 50]);
  });

  it('can be written out and read back', async () => {
    const { stringify } = await import('yaml');
    const { validateConfig } = await import('../../../src/config/load.js');
    const config = loadConfig(FAST, ['seed=7']);
    expect(validateConfig(parseYaml(stringify(config)), 'copy')).toEqual(config);
  });
});

describe('nearestKey', () => {
  it('knows all leaves and leaves nonsense alone', () => {
    expect(configKeys()).toContain('network.critic.arch_cfg.use_layer_norm');
    expect(nearestKey('qqqqqqqqqqqq')).toBeUndefined();
  });
});
