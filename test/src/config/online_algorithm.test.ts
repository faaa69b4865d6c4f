import { describe, expect, it } from 'vitest';
import { algorithmOptions } from '../../../src/config/chosen_algorithm.js';
import { changedConfig, loadConfig } from '../../../src/config/load.js';
import type { ConfigTree } from '../../../src/config/overrides.js';

const BOTH = ['train.phases=[offline, online]', 'train.dataset_path=data.h5', 'env.env_id=PickCube-v1'];

/** A configuration of IQL, or of another recipe's algorithm, and then RLPD. */
function configOf(words: readonly string[] = [], recipe = 'configs/iql.yml', online = 'rlpd') {
  return loadConfig(recipe, [...BOTH, `train.online_algo=${online}`, ...words]);
}

describe('an algorithm for the phase online', () => {
  it('has a section of its own beside the first one', () => {
    const config = configOf(['iql.expectile=0.8', 'rlpd.num_min_qs=1']);
    expect(algorithmOptions(config, 'iql')).toMatchObject({ expectile: 0.8, numQs: 2 });
    expect(algorithmOptions(config, 'rlpd')).toMatchObject({ numMinQs: 1, numQs: 2 });
    expect(() => configOf(['sac.tau=0.01'])).toThrow(
      'sac.tau is an option of sac, and the algorithm is iql, then rlpd: leave out the section sac',
    );
  });

  it('has the same layers: those that are given, else those of the first one, else its own', () => {
    const layersOf = (words: readonly string[], recipe?: string) => {
      const config = configOf(words, recipe);
      return (['iql', 'bc', 'rlpd'] as const)
        .filter((algo) => config[algo])
        .map((algo) => {
          const { actorFeatures, criticFeatures, criticLayerNorm } = algorithmOptions(config, algo);
          return [actorFeatures, criticFeatures, criticLayerNorm];
        });
    };
    const own = [[256, 256], [256, 256], false];
    expect(layersOf([])).toEqual([own, own]);
    const given = ['network.actor.arch_cfg.features=[8]', 'network.critic.arch_cfg.use_layer_norm=True'];
    expect(layersOf(given)).toEqual([
      [[8], [256, 256], true],
      [[8], [256, 256], true],
    ]);
    const [, afterCloning] = layersOf(['network.critic.arch_cfg.features=[9]'], 'configs/bc.yml');
    expect(afterCloning.slice(1)).toEqual([[9], true]);
  });

  it('has learning rates of its own', () => {
    const ratesOf = (words: readonly string[]) => {
      const { actorLearningRate: actor, temperatureLearningRate: temperature } = algorithmOptions(
        configOf(words, 'configs/cql.yml'),
        'rlpd',
      );
      return [actor, temperature];
    };
    expect(ratesOf([])).toEqual([3e-4, 3e-4]);
    expect(ratesOf(['train.actor_lr=1e-5', 'train.online_temp_lr=2e-5'])).toEqual([3e-4, 2e-5]);
    expect(configOf([], 'configs/cql.yml').train).toMatchObject({ actor_lr: 1e-4, online_actor_lr: 3e-4 });
  });

  it('is the same when the whole configuration is read again', () => {
    const config = configOf(['rlpd.num_qs=3', 'train.online_critic_lr=1e-3']);
    expect(changedConfig(structuredClone(config) as unknown as ConfigTree, [], 'config.yml')).toEqual(config);
  });

  it('can be SAC after RLPD, whose options are then those of the section sac', () => {
    const words = ['train.phases=[clone, online]', 'train.bc_warm_start_steps=10', 'sac.tau=0.02'];
    const config = configOf([...words, 'rlpd.tau=0.03'], 'configs/default.yml', 'sac');
    expect([config.sac?.['tau'], config.rlpd?.['tau']]).toEqual([0.02, 0.03]);
  });

  it('can be the first one itself, which goes on by itself', () => {
    const config = configOf([], 'configs/awac.yml', 'awac');
    expect(Object.keys(config)).toContain('awac');
    expect(config.train.online_actor_lr).toBe(null);
  });

  it('decides how many updates there can be in a training step', () => {
    expect(() => configOf(['rlpd.actor_update_freq=3'])).toThrow('a multiple of rlpd.actor_update_freq (3)');
    expect(() => configOf(['train.grad_updates_per_step=7'], 'configs/td3_bc.yml')).not.toThrow();
  });
});

it.each([
  [[], 'bc', 'train.online_algo=bc: bc learns from data alone: choose another, such as rlpd'],
  [
    ['train.phases=[offline]'],
    'rlpd',
    'is the algorithm of the phase online, which train.phases=[offline] lacks: add it there',
  ],
  [['train.phases=[online]'], 'rlpd', 'iql learns nothing before the phase online: add offline'],
  [[], 'dqn', 'train.online_algo'],
  [
    ['train.online_actor_lr=1e-3'],
    'None',
    'train.online_actor_lr: no other algorithm follows iql: leave it out',
  ],
  [
    ['train.online_temp_lr=1e-3'],
    'awac',
    'train.online_temp_lr: neither iql nor awac has anything of the kind',
  ],
])('with %o, %s for the phase online is refused with what would be right', (words, online, message) => {
  expect(() => configOf(words, 'configs/iql.yml', online)).toThrow(message);
});

it('algorithms that learn from data alone name what could follow them', () => {
  expect(() => loadConfig('configs/bc.yml', BOTH)).toThrow(
    'bc learns from data alone: set train.phases=[offline], or choose another algorithm for the phase online, such as ' +
      'train.online_algo=rlpd',
  );
});
