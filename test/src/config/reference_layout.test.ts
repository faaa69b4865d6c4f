import { describe, expect, it } from 'vitest';
import { changedConfig, loadConfig, validateConfig } from '../../../src/config/load.js';
import { UserError } from '../../../src/errors.js';

const REFERENCE = 'configs/base_rlpd_ms3.yml';

describe("the reference's layout", () => {
  it('is RLPD, with the keys of its section in their places', () => {
    const { algo, train, rlpd, sac } = loadConfig(REFERENCE, []);
    expect(algo).toBe('rlpd');
    expect(train).toMatchObject({ batch_size: 256, grad_updates_per_step: 16, eval_freq: 50_000 });
    expect(rlpd).toMatchObject({ num_qs: 2, num_min_qs: 2, backup_entropy: false });
    expect(sac).toBeUndefined();
  });

  it('is understood on the command line', () => {
    const words = ['sac.num_qs=5', 'sac.batch_size=64', 'sac.bc_weight=2'];
    for (const recipe of [REFERENCE, 'configs/default.yml']) {
      const { train, rlpd } = loadConfig(recipe, words);
      expect(train.batch_size).toBe(64);
      expect(rlpd).toMatchObject({ num_qs: 5, bc_weight: 2 });
    }
  });

  it('is the same as this program’s, written out', () => {
    const config = loadConfig(REFERENCE, []);
    expect(validateConfig({ ...config }, 'a saved run')).toEqual(config);
  });

  it('is that of files without algo, as there were', () => {
    const config = validateConfig({ sac: { num_qs: 4, discount: 0.8 } }, 'old.yml');
    expect([config.algo, config.train.discount, config.rlpd]).toMatchObject(['rlpd', 0.8, { num_qs: 4 }]);
  });

  it('is refused beside the same key in its other place', () => {
    const twice = () => validateConfig({ train: { discount: 0.9 }, sac: { discount: 0.8 } }, 'a.yml');
    expect(twice).toThrow(UserError);
    expect(twice).toThrow('a.yml: sac.discount is train.discount in the reference');
  });
});

describe('the section of an algorithm', () => {
  const withOptions = (tree: object, ...words: string[]) => changedConfig({ ...tree }, words, 'a.yml');

  it('has its options, with its defaults where it is silent', () => {
    const { sac, rlpd, network } = withOptions({ algo: 'sac', sac: { num_qs: 3 } });
    expect(sac).toMatchObject({ num_qs: 3, backup_entropy: true });
    expect(rlpd).toBeUndefined();
    expect(network.critic.arch_cfg).toMatchObject({ features: [256, 256], use_layer_norm: false });
    expect(withOptions({}, 'algo=iql', 'iql.expectile=0.9').iql).toMatchObject({
      expectile: 0.9,
      value_lr: 3e-4,
    });
    expect(withOptions({ algo: 'sac_n' }).sac_n).toMatchObject({ num_qs: 10 });
  });

  it.each([
    [{ algo: 'iql', rlpd: { num_qs: 3 } }, [], 'rlpd.num_qs is an option of rlpd, and the algorithm is iql'],
    [{}, ['iql.expectile=0.9'], 'iql.expectile is an option of iql, and the algorithm is rlpd'],
    [{ algo: 'iql' }, ['sac.num_qs=3'], 'sac.num_qs is an option of sac, and the algorithm is iql'],
    [{ algo: 'iql' }, ['train.temp_lr=1e-3'], 'train.temp_lr: iql has nothing of the kind'],
    [{ algo: 'iql' }, ['iql.expectil=0.9'], 'unknown key "iql.expectil"; did you mean "iql.expectile"?'],
    [{ algo: 'iql' }, ['iql.expectile=1'], 'iql.expectile: '],
    [{ algo: 'iql' }, ['train.bc_warm_start_steps=9'], 'iql has no phase clone'],
    [
      { algo: 'bc' },
      [],
      'train.phases=[clone, online]: bc learns from data alone: set train.phases=[offline]',
    ],
    [{ algo: 'nonesuch' }, [], 'algo: '],
  ])('%j %j is refused', (tree, words, message) => {
    expect(() => withOptions(tree, ...words)).toThrow(UserError);
    expect(() => withOptions(tree, ...words)).toThrow(message);
  });
});

describe('the phases', () => {
  it.each([
    ['train.phases=[online, clone]', 'must be some of model, clone, offline, online, in this order'],
    ['train.phases=[online, online]', 'must be some of model, clone, offline, online, in this order'],
    ['train.phases=[]', 'train.phases: '],
    ['env.env_id=None', 'the phase online needs a task, and env.env_id is null'],
    ['train.phases=[trained]', 'train.phases.0: '],
  ])('%s is refused', (word, message) => {
    expect(() => loadConfig(REFERENCE, [word])).toThrow(message);
  });

  it('without a task need a dataset', () => {
    const words = ['env.env_id=None', 'train.phases=[offline]'];
    expect(() => loadConfig(REFERENCE, words)).toThrow('there is nothing to learn from');
    expect(loadConfig(REFERENCE, [...words, 'train.dataset_path=a.h5']).env.env_id).toBe(null);
  });
});
