import { describe, expect, it } from 'vitest';
import { checkKeyUse, EVALUATION } from '../../../src/config/key_use.js';
import { configKeys } from '../../../src/config/suggest.js';
import { UserError } from '../../../src/errors.js';
import { tinyConfig } from '../training/tiny_run.js';

const CONFIG = tinyConfig('exps');
const check = (word: string) => () => checkKeyUse(word, CONFIG, EVALUATION);

describe('an evaluation', () => {
  it.each([
    'train.eval_episodes=200',
    'sac.eval_episodes=200',
    'eval_env.seed=7',
    'eval_env={num_envs: 3}',
    'eval.num_videos=1',
    'env.env_kwargs.reward_mode=dense',
    'train.backend=cpu',
  ])('takes %s', (word) => {
    expect(check(word)).not.toThrow();
  });

  it('may be told what the policy was trained with', () => {
    for (const word of ['env.env_id=PickCube-v1', 'network.actor.arch_cfg.features=[32, 32]', 'algo=rlpd'])
      expect(check(word)).not.toThrow();
  });

  it.each([
    ['seed=7', /eval_env\.seed says which episodes/],
    ['seed=0', /eval_env\.seed says which episodes/],
    ['env.num_envs=2', /eval_env\.num_envs says/],
    ['env.max_episode_steps=20', /eval_env\.max_episode_steps says/],
    ['env.randomization.friction=0.3', /its episodes are never randomised/],
    ['env.randomization={mass: 1}', /its episodes are never randomised/],
    ['rlpd.tau=0.1', /doesn't use rlpd\.tau: it is for training/],
    ['train.device=gpu', /it computes on the CPU/],
    ['train.steps=9', /it is for training/],
    ['logger.exp_name=x', /it writes no logs/],
    ['train={eval_episodes: 3}', /takes single keys, such as train\.eval_episodes=…/],
    ['sac.num_qs=3', /doesn't use rlpd\.num_qs: it is for training/],
    ['env.env_kwargs.control_mode=pd_joint_pos', /the checkpoint has .*control_mode=pd_joint_delta_pos/],
    [
      'network.actor.arch_cfg.features=[8]',
      /the checkpoint has .*features=\[32,32\], which an evaluation can't/,
    ],
  ])('refuses %s', (word, message) => {
    expect(check(word)).toThrow(UserError);
    expect(check(word)).toThrow(message);
  });

  it('takes, refuses or keeps every key', () => {
    const kept = configKeys().filter((key) => {
      try {
        check(`${key}=never`)();
        return false;
      } catch (error) {
        return (error as Error).message.includes('the checkpoint has');
      }
    });
    const groups = new Set(kept.map((key) => key.split('.').slice(0, 2).join('.')));
    expect([...groups]).toEqual([
      'jax_env',
      'algo',
      'env.env_id',
      'env.env_type',
      'env.env_kwargs',
      'network.observations',
      'network.relations',
      'network.actor',
      'network.critic',
    ]);
  });

  it('leaves unknown keys to the schema', () => {
    expect(check('sac.taau=1')).not.toThrow();
  });
});
