import { expect, it } from 'vitest';
import { collectKeysHelp, parseCollectOptions } from '../../../src/collect/collect_options.js';
import { UserError } from '../../../src/errors.js';
import { tinyConfig } from '../training/tiny_run.js';

const CONFIG = tinyConfig('exps');

it('has the defaults of the reference', () => {
  expect(parseCollectOptions([], CONFIG)).toEqual({
    num_envs: 8,
    num_episodes: 1000,
    seed: 0,
    deterministic: true,
    only_successes: false,
    output: null,
    overwrite: false,
    reward_mode: null,
    save_video: 0,
  });
});

it('reads values as the configuration does', () => {
  const words = ['num_episodes=2_000', 'deterministic=False', 'only_successes=true', 'reward_mode=dense'];
  expect(parseCollectOptions([...words, 'output=a/b.h5'], CONFIG)).toMatchObject({
    num_episodes: 2000,
    deterministic: false,
    only_successes: true,
    reward_mode: 'dense',
    output: 'a/b.h5',
  });
});

it('lets the configuration of the checkpoint be stated as it is', () => {
  const words = ['env.env_id=PickCube-v1', 'control_mode=pd_joint_delta_pos', 'train.steps=160'];
  expect(parseCollectOptions(words, CONFIG)).toEqual(parseCollectOptions([], CONFIG));
});

it.each([
  ['env.env_id=Other-v1', /env\.env_id=Other-v1: the checkpoint has env\.env_id=PickCube-v1.*leave it out$/],
  ['env_id=Other-v1', /the checkpoint has env\.env_id=PickCube-v1/],
  ['control_mode=pd_ee_delta_pos', /the checkpoint has env\.env_kwargs\.control_mode=pd_joint_delta_pos/],
  ['env.randomization.friction=0.3', /collected episodes are never randomised/],
  ['env.num_envs=4', /the checkpoint has env\.num_envs=2.*or did you mean num_envs=…\?/],
  ['num_episode=4', /unknown key "num_episode"; did you mean "num_episodes"\?/],
  ['out=x.h5', /unknown key "out"; the keys are num_envs, num_episodes,.* output,/],
  ['env.env_idd=X', /unknown key "env\.env_idd"; did you mean "env\.env_id"\?/],
  ['num_envs=0', /num_envs: .*got 0/],
  ['deterministic=perhaps', /deterministic: .*got "perhaps"/],
  ['reward_mode=shaped', /reward_mode: .*got "shaped"/],
  ['num_envs.x=3', /unknown key "num_envs\.x"/],
  ['100', /expected key\.sub=value/],
  ['__proto__.x=1', /unknown key "__proto__\.x"/],
])('refuses %s', (word, message) => {
  const parse = () => parseCollectOptions([word], CONFIG);
  expect(parse).toThrow(UserError);
  expect(parse).toThrow(message);
});

it('explains every key', () => {
  const help = collectKeysHelp();
  for (const key of Object.keys(parseCollectOptions([], CONFIG)))
    expect(help).toMatch(new RegExp(`^  ${key}`, 'm'));
  expect(help).toContain('num_envs=8');
  expect(help).not.toContain('undefined');
});
