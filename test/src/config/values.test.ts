import { writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { changedConfig, loadConfig, readConfigFile } from '../../../src/config/load.js';
import { valueAt } from '../../../src/config/overrides.js';
import { readText, writeText } from '../../../src/config/read_value.js';
import { configSchema } from '../../../src/config/schema.js';
import { schemaAt } from '../../../src/config/schema_tree.js';
import { configKeys } from '../../../src/config/suggest.js';
import { UserError } from '../../../src/errors.js';
import { configText } from '../../../src/training/folder/run_folder.js';
import { folderOfTest } from '../../temporary_folder.js';
import { isForeign } from './foreign_keys.js';

const RECIPE = 'configs/base_rlpd_ms3.yml';
const schemaOf = (key: string) => schemaAt(configSchema, key.split('.'))!;
const load = (...overrides: string[]) => loadConfig(RECIPE, overrides);
const valueIn = (key: string, text: string) => valueAt(load(`${key}=${text}`), key.split('.'));

function fileWith(text: string | Uint8Array): string {
  const path = join(folderOfTest(), 'my.yml');
  writeFileSync(path, text);
  return path;
}

describe('text on the command line', () => {
  it.each([
    'fix #12: lower lr',
    'set #1/base.h5',
    '*.h5',
    '@d/x.h5',
    '%d/x.h5',
    '&a',
    '{a: b',
    '[a, b]',
    '42',
    '007',
    '1e3',
    '2026_11_28',
    'True',
    "it's",
    "'a' and 'b'",
    'a: b',
    '- a',
    '!x',
    ' a ',
    'ä\nß',
    'a=b',
  ])('is taken word for word: %j', (text) => {
    expect(valueIn('logger.wandb_cfg.notes', text)).toBe(text);
    expect(valueIn('logger.workspace', text)).toBe(text);
  });

  it('is one path, or in brackets a list of several', () => {
    expect(valueIn('train.dataset_path', '2026_11_28')).toBe('2026_11_28');
    expect(valueIn('train.dataset_path', '[a.h5,~/b c.hdf5, "x,y"]')).toEqual([
      'a.h5',
      join(homedir(), 'b c.hdf5'),
      'x,y',
    ]);
    expect(valueIn('train.dataset_path', 'None')).toBeNull();
  });

  it.each([
    ["'42'", '42'],
    ['"42"', '42'],
    ["'it''s'", "it's"],
    ['"a\\tb"', 'a\tb'],
    ['"C:\\x"', 'C:\\x'],
    ["'None'", 'None'],
  ])('loses a pair of quotes around all of it: %s', (text, wanted) => {
    expect(valueIn('demo_type', text)).toBe(wanted);
  });

  it('names runs with digits', () => {
    for (const name of ['42', '2026_11_28', '1e5']) expect(valueIn('logger.exp_name', name)).toBe(name);
    expect(valueIn('logger.exp_name', "'42'")).toBe('42');
  });

  it('is taken word for word inside of lists, too', () => {
    expect(valueIn('logger.wandb_cfg.tags', '[fix #12, 42, *a, "b, c"]')).toEqual([
      'fix #12',
      '42',
      '*a',
      'b, c',
    ]);
    expect(valueIn('logger.wandb_cfg.tags', '[a,]')).toEqual(['a']);
    expect(() => valueIn('logger.wandb_cfg.tags', '[a,,b]')).toThrow('tags.1: must not be empty (got "")');
    expect(() => valueIn('logger.wandb_cfg.tags', 'a')).toThrow('expected a list such as [a, b] (got "a")');
  });

  it('is refused if there is none', () => {
    for (const key of ['train.dataset_path', 'logger.workspace', 'logger.project_name', 'env.env_id']) {
      expect(() => load(`${key}=`)).toThrow(`${key}: must not be empty`);
    }
  });
});

const LEFT_TO_OTHERS: Readonly<Record<string, unknown>> = {
  'env.max_episode_steps': 50,
  'eval_env.max_episode_steps': 50,
  'env.env_kwargs.control_mode': 'pd_joint_delta_pos',
  'env.env_kwargs.reward_mode': 'sparse',
  'network.actor.arch_cfg.features': [256, 256, 256],
  'network.actor.arch_cfg.use_layer_norm': false,
  'network.critic.arch_cfg.features': [256, 256, 256],
  'network.critic.arch_cfg.use_layer_norm': true,
  'train.actor_lr': 3e-4,
  'train.critic_lr': 3e-4,
  'train.temp_lr': 3e-4,
};

describe('None', () => {
  // The recipe's algorithm has no options of others, and a task that there is not goes with other phases.
  const keys = configKeys().filter((key) => !isForeign(key) && key !== 'env.env_id');
  const nullable = keys.filter((key) => z.safeParse(schemaOf(key), null).success);

  it('is null for each key that can be null', () => {
    expect(nullable).toContain('logger.exp_name');
    expect(nullable).toContain('train.eval_episodes');
    expect(nullable.length).toBeGreaterThan(15);
    for (const key of nullable) {
      // Null leaves it to the task or to the algorithm, and a complete configuration says what that is.
      const read = LEFT_TO_OTHERS[key] ?? null;
      for (const text of ['None', 'null']) expect(valueIn(key, text), key).toEqual(read);
    }
  });

  it('is no name and no number', () => {
    const others = keys.filter((key) => !nullable.includes(key));
    for (const key of others) {
      expect(() => load(`${key}=None`), key).toThrow(UserError);
      expect(() => load(`${key}=None`), key).toThrow(`${key}: `);
    }
    expect(() => load('logger.workspace=None')).toThrow("logger.workspace: can't be null: expected text");
    expect(() => load('seed=None')).toThrow("seed: can't be null: expected a number");
  });
});

describe('numbers, booleans and keys', () => {
  it.each([
    ['train.steps', '20_000', 20_000],
    ['train.steps', '1e4', 10_000],
    ['train.steps', '+5.0', 5],
    ['train.discount', '.5', 0.5],
    ['rlpd.target_entropy', '-8', -8],
    ['rlpd.target_entropy', '~', null],
    ['train.actor_lr', '3E-4', 3e-4],
    ['seed', '-0', 0],
    ['verbose', '0', 0],
    ['logger.wandb', 'True', true],
    ['logger.wandb', 'false', false],
    ['network.actor.arch_cfg.features', '[64, 1_28]', [64, 128]],
    ['env.randomization', '{mass: .5}', { friction: 0, mass: 0.5, latency_steps: 0, observation_noise: 0 }],
  ])('are read as in Python: %s=%s', (key, text, value) => {
    expect(valueIn(key, text)).toEqual(value);
  });

  it.each([
    '0x10',
    '0o7',
    'inf',
    '-inf',
    '.inf',
    'nan',
    '.nan',
    '1e999',
    '1__0',
    '_1',
    '1_',
    '',
    ' 1',
    '1,5',
    '1 # one',
  ])('refuse %j', (text) => {
    for (const key of ['seed', 'rlpd.target_entropy', 'train.steps', 'train.eval_episodes']) {
      expect(() => load(`${key}=${text}`)).toThrow(UserError);
      expect(() => load(`${key}=${text}`)).toThrow(`${key}: `);
    }
  });

  it('says what a boolean can be', () => {
    expect(() => load('logger.wandb=yes')).toThrow('logger.wandb: expected True or False (got "yes")');
  });
});

describe('a path', () => {
  it('begins with ~ for the home folder, quoted or not, and in files', () => {
    const wanted = join(homedir(), 'a b/x.h5');
    expect(valueIn('train.dataset_path', '~/a b/x.h5')).toBe(wanted);
    expect(valueIn('logger.workspace', "'~/a b/x.h5'")).toBe(wanted);
    expect(valueIn('logger.workspace', '~')).toBe(homedir());
    const file = fileWith('train: {dataset_path: ~/a b/x.h5}\nlogger: {workspace: "~"}');
    const { train, logger } = loadConfig(file, []);
    expect([train.dataset_path, logger.workspace]).toEqual([wanted, homedir()]);
  });

  it("does not name another user's home", () => {
    expect(() => load('logger.workspace=~ann/runs')).toThrow('logger.workspace: ~ann/runs: only ~/ is known');
  });
});

describe('a config file', () => {
  it('gives text keys their words, also where YAML sees numbers', () => {
    const { logger, demo_type, config_type } = loadConfig(
      fileWith(
        'demo_type: 0x1F\nconfig_type: "None"\n' +
          'logger: {exp_name: 2026_11_28, wandb_cfg: {tags: [42, 1e3, "7"], group: 2026-11-28, notes: True}}',
      ),
      [],
    );
    expect(logger.exp_name).toBe('2026_11_28');
    expect(logger.wandb_cfg).toMatchObject({ tags: ['42', '1e3', '7'], group: '2026-11-28', notes: 'True' });
    expect([demo_type, config_type]).toEqual(['0x1F', 'None']);
  });

  it('has null in all spellings', () => {
    const text =
      'demo_type: None\nconfig_type: ~\ndemo_seed: None\ntrain: {dataset_path: ~}\nlogger: {exp_name: }';
    const { demo_type, config_type, demo_seed, train, logger } = loadConfig(fileWith(text), []);
    const values = [demo_type, config_type, demo_seed, train.dataset_path, logger.exp_name];
    expect(values).toEqual([null, null, null, null, null]);
  });

  it('has anchors, a byte order mark and lines of Windows', () => {
    const file = fileWith('\ufeffrlpd: &a {num_qs: 3}\r\nseed: 4\r\n');
    expect(loadConfig(file, [])).toMatchObject({ seed: 4, rlpd: { num_qs: 3 } });
    const shared = fileWith('network:\n  actor: &net {arch_cfg: {features: [8]}}\n  critic: *net\n');
    expect(loadConfig(shared, []).network.critic.arch_cfg.features).toEqual([8]);
  });

  const laughs = [
    'a: &a [x]',
    ...Array.from('bcdefghij', (name, i) => {
      const before = 'abcdefghi'[i];
      return `${name}: &${name} [${Array(9).fill(`*${before}`).join(', ')}]`;
    }),
  ].join('\n');

  it.each([
    ['an unknown anchor', 'train: {dataset_path: *.h5}', 'Unresolved alias'],
    ['too many anchors', laughs, 'Excessive alias count'],
    ['an anchor inside of itself', 'sac: &a {x: *a}', '*a is inside of itself'],
    ['an unknown tag', 'seed: !!python/tuple [1]', 'Unresolved tag'],
    ['a key twice', 'seed: 1\nseed: 2', 'Map keys must be unique'],
    ['two documents', 'seed: 1\n---\nseed: 2', 'more than one document'],
    ['tabs', 'sac:\n\tnum_qs: 2', 'Tabs are not allowed'],
    ['a wrong beginning', 'logger: {exp_name: @x}', 'Plain value cannot start with reserved character @'],
    ['an open bracket', 'seed: [', 'not valid YAML'],
    ['much depth', `a: ${'['.repeat(20_000)}`, 'not valid YAML'],
    ['a list', '- seed', 'expected a mapping of config keys'],
    ['a hidden prototype', '__proto__: {seed: 1}', 'unknown key'],
  ])('with %s is refused by name', (_what, text, message) => {
    const file = fileWith(text);
    expect(() => loadConfig(file, [])).toThrow(UserError);
    expect(() => loadConfig(file, [])).toThrow(file);
    expect(() => loadConfig(file, [])).toThrow(message);
  });

  it('that is a folder, or no text, is refused by name', () => {
    const folder = folderOfTest();
    expect(() => loadConfig(folder, [])).toThrow(`can't read ${folder}: it is a folder`);
    const file = fileWith(Uint8Array.of(0xff, 0xfe, 0x61, 0));
    expect(() => loadConfig(file, [])).toThrow(`can't read ${file}: its text is not in UTF-8`);
  });
});

describe('the config.yml of a run', () => {
  it.each([
    '42',
    '2026_11_28',
    'None',
    'null',
    '~',
    'True',
    'yes',
    '1:30',
    ' # ',
    '*a',
    'a\n\nb',
    '"',
    "''",
    '\\',
    'ä',
  ])('gives text back as it was: %j', (text) => {
    const config = changedConfig({ ...load() }, [], 'test');
    config.logger.wandb_cfg.notes = text;
    config.logger.wandb_cfg.tags = [text, 'b'];
    config.demo_type = text;
    const read = changedConfig(readConfigFile(fileWith(configText(config))), [], 'test');
    expect(read).toEqual(config);
  });

  it('says the same to the next who reads it', () => {
    const config = load('train.dataset_path=~/a #1.h5', 'logger.exp_name=42', 'train.actor_lr=1e-7');
    expect(loadConfig(fileWith(configText(config)), [])).toEqual(config);
  });
});

it.each(['None', 'null', "'a'", '"a"', 'a', "it's", 'a #b', '~', '42'])(
  'a value is written as it is read: %j',
  (text) => {
    expect(readText(schemaOf('demo_type'), writeText(text), 'test')).toBe(text);
  },
);
