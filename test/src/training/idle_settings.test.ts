import { describe, expect, it } from 'vitest';
import { loadConfig, readConfigFile, recipePaths } from '../../../src/config/load.js';
import { startNotes } from '../../../src/training/idle_settings.js';
import { freshProgress } from '../../../src/training/run_progress.js';

const REFERENCE = 'configs/base_rlpd_ms3.yml';

function notesOf(...overrides: string[]): string[] {
  const config = loadConfig(REFERENCE, overrides);
  return startNotes(config, freshProgress(config));
}

it.each(recipePaths())('all of %s is of use', (path) => {
  // A recipe without a task is for data that somebody gives.
  const { env_id: task } = readConfigFile(path)['env'] as { env_id: string | null };
  const config = loadConfig(path, task === null ? ['train.dataset_path=data.h5'] : []);
  expect(startNotes(config, freshProgress(config))).toEqual([]);
});

describe('a run that ends before its first update', () => {
  it('is warned of, with both keys', () => {
    const [warning, ...others] = notesOf('train.steps=2000');
    expect(warning).toMatch(
      /^warning: no update will be made: .*train\.num_seed_steps=5000.*train\.steps=2000$/,
    );
    expect(others).toEqual([]);
  });

  it('is told what cloning does', () => {
    expect(notesOf('train.steps=2000', 'train.bc_warm_start_steps=10')[0]).toContain(
      'only the cloning before',
    );
  });

  it('is one whose last training step is too early: those are never cut short', () => {
    // 8 environments make 4 steps each: the run ends after 5024.
    expect(notesOf('train.steps=4993')).toEqual([]);
    expect(notesOf('train.steps=4992')).toHaveLength(1);
    expect(notesOf('train.steps=5001', 'train.num_seed_steps=5024')).toEqual([]);
    expect(notesOf('train.steps=5001', 'train.num_seed_steps=5025')).toHaveLength(1);
  });

  it('may go on from a checkpoint', () => {
    const config = loadConfig(REFERENCE, ['train.steps=4000']);
    const progress = { ...freshProgress(config), envSteps: 3200 };
    expect(startNotes(config, progress)).toEqual([
      expect.stringMatching(/=5000 env steps, and the run ends/),
    ]);
  });

  it('may go on from a checkpoint without its replay buffer', () => {
    const config = loadConfig(REFERENCE, ['train.steps=9000']);
    const at = (envSteps: number) =>
      startNotes(config, { ...freshProgress(config), envSteps, firstUpdateAt: envSteps + 5000 });
    expect(at(3200)).toEqual([]);
    expect(at(6400)).toEqual([expect.stringMatching(/num_seed_steps=5000 env steps from 6400 on/)]);
    // There is only its last evaluation left to do.
    expect(at(9024)).toEqual([]);
  });
});

it.each([
  [
    ['rlpd.bc_weight_end=1', 'rlpd.bc_decay_steps=5'],
    'rlpd.bc_weight_end=1, rlpd.bc_decay_steps=5',
    'bc_weight is 0',
  ],
  [['rlpd.bc_weight=1', 'rlpd.bc_decay_steps=5'], 'rlpd.bc_decay_steps=5', 'rlpd.bc_weight_end is null'],
  [['train.bc_learning_rate=0.1'], 'train.bc_learning_rate=0.1', 'train.bc_warm_start_steps is 0'],
  [['train.exploration_correlation=0.5'], 'train.exploration_correlation=0.5', 'exploration_noise is 0'],
  [['train.early_env_steps=5'], 'train.early_env_steps=5', 'train.early_grad_updates_per_step is null'],
  [
    ['train.early_grad_updates_per_step=32', 'train.early_env_steps=5024'],
    'train.early_grad_updates_per_step=32',
    'train.early_env_steps=5024 are over at the first update, after 5024 env steps',
  ],
  [
    ['rlpd.learnable_temp=False', 'rlpd.target_entropy=-3'],
    'rlpd.target_entropy=-3',
    'learnable_temp is False',
  ],
  [
    ['train.num_seed_steps=0', 'train.seed_with_policy=True'],
    'train.seed_with_policy=True',
    'num_seed_steps is 0',
  ],
  [['train.eval_episodes=5', 'train.eval_steps=100'], 'train.eval_steps=100', 'train.eval_episodes is set'],
  [['eval.num_videos=0', 'eval.video_fps=10'], 'eval.video_fps=10', 'eval.num_videos is 0'],
  [
    ['train.dataset_path=x.h5', 'demos.imperfect_share=0.5'],
    'demos.imperfect_share=0.5',
    'train.dataset_path',
  ],
  [['train.dataset_path=x.h5', 'train.shuffle_demos=False', 'demo_seed=3'], 'demo_seed=3', 'shuffle_demos'],
  [['logger.wandb_mode=offline'], 'logger.wandb_mode=offline', 'logger.wandb is False'],
])('%j: a note says what changes nothing, and why', (overrides, keys, reason) => {
  expect(notesOf(...overrides)).toEqual([expect.stringContaining(`note: ${keys} changes nothing: `)]);
  expect(notesOf(...overrides)[0]).toContain(reason);
});

it('says what a run is too short for', () => {
  const decay = [
    'rlpd.bc_weight=30',
    'rlpd.bc_weight_end=1',
    'train.steps=6000',
    'rlpd.bc_decay_steps=12_000',
  ];
  expect(notesOf(...decay)).toEqual([
    expect.stringMatching(/only gets from 30 to 15.5: train.steps=6000 end/),
  ]);
  expect(notesOf('train.n_step=60')).toEqual([expect.stringContaining('env.max_episode_steps=50 rewards')]);
  const alone = ['env.env_id=None', 'train.phases=[clone]', 'train.dataset_path=x', 'train.n_step=3'];
  expect(notesOf(...alone).join()).not.toContain('n_step');
});

it('names what episodes are like as of no use without a task, but not the task itself', () => {
  const words = [
    'env.env_id=None',
    'network.observations=None',
    'train.dataset_path=demos.h5',
    'eval_env.seed=3',
  ];
  const config = loadConfig('configs/iql.yml', words);
  expect(startNotes(config, freshProgress(config))).toEqual([
    'note: eval_env.num_envs=20, eval_env.seed=3, train.eval_freq=4000, train.eval_episodes=100 changes nothing: env.env_id is null',
  ]);
});

it('names what weights by exp are made of as of no use to binary ones', () => {
  const notes = (...more: string[]) => {
    const config = loadConfig('configs/crr.yml', ['train.dataset_path=x', 'crr.temperature=2', ...more]);
    return startNotes(config, freshProgress(config)).filter((note) => note.includes('crr'));
  };
  expect(notes()).toEqual(['note: crr.temperature=2 changes nothing: crr.weights is binary']);
  expect(notes('crr.weights=exp')).toEqual([]);
});
