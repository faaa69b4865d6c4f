import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../../src/config/load.js';
import type { Config } from '../../../../src/config/schema.js';
import { NEVER_STOP } from '../../../../src/stop_signal.js';
import { createRunFolder } from '../../../../src/training/folder/run_folder.js';
import { train } from '../../../../src/training/train.js';
import { folderOfTests } from '../../../temporary_folder.js';
import { frames, soundLeRobot, writeLeRobot } from '../../datasets/formats/lerobot/write_lerobot.js';
import { latest, silentDisplay } from '../tiny_run.js';
import { trained } from '../whole_run.js';

const workspace = folderOfTests();

/** The configuration that a user would give, but for the sizes. */
function configOf(recipe: string, dataset: string, words: readonly string[] = []): Config {
  return loadConfig(`configs/${recipe}.yml`, [
    `train.dataset_path=${dataset}`,
    'env.env_id=None',
    'network.observations=None',
    'train.offline_steps=20',
    'train.save_freq=20',
    'train.log_freq=20',
    'train.batch_size=16',
    'network.actor.arch_cfg.features=[16]',
    ...(recipe === 'bc' ? [] : ['network.critic.arch_cfg.features=[16]']),
    `logger.workspace=${workspace}`,
    ...words,
  ]);
}

describe('a LeRobot dataset without rewards', () => {
  let path: string;
  beforeAll(() => {
    const { features, ...rest } = soundLeRobot();
    const { 'next.reward': _, 'next.done': __, 'next.success': ___, ...bare } = features;
    // Pictures that nobody looks at are not decoded.
    const broken = { bytes: Uint8Array.of(1, 2, 3), path: '' };
    const images = { ...bare['observation.images.top'], episodes: frames(() => broken) };
    path = writeLeRobot(join(workspace, 'bare'), {
      ...rest,
      features: { ...bare, 'observation.images.top': images },
    });
  });

  it('is imitated, by its numbers alone', async () => {
    const notes: string[] = [];
    const config = configOf('bc', path, ['logger.exp_name=imitated']);
    const display = {
      ...silentDisplay(),
      demonstrations: (summary: { notes: string[] }) => notes.push(...summary.notes),
    };
    const folder = await createRunFolder(config);
    await train(config, folder, null, display, NEVER_STOP);
    expect((await latest(folder)).progress.offlineSteps).toBe(20);
    expect(notes).toContain(
      'not learnt from, as no network here sees pictures or texts yet: observation.images.top',
    );
    expect(notes).toContain('it has no rewards: its actions are imitated, whatever came of them');
  });

  it('is refused by who learns from rewards, with what to do', async () => {
    await expect(trained(configOf('iql', path, ['logger.exp_name=refused']))).rejects.toThrow(
      `${path}: episode 0 has no rewards to learn from: algo=bc imitates without any, and train.reward_source=success_at_end`,
    );
    await expect(
      trained(configOf('iql', path, ['logger.exp_name=unknown', 'train.reward_source=success_at_end'])),
    ).rejects.toThrow('episode 0 does not say whether it succeeded');
  });

  it('is learnt from with rewards at the end of every episode, if these are asked for', async () => {
    const words = ['logger.exp_name=ends', 'train.reward_source=every_end'];
    const folder = await trained(configOf('iql', path, words));
    expect((await latest(folder)).progress.offlineSteps).toBe(20);
  });
});

it('a LeRobot dataset with rewards is learnt from as it is', async () => {
  const folder = await trained(configOf('iql', 'test/fixtures/lerobot/arm', ['logger.exp_name=rewarded']));
  expect((await latest(folder)).progress.offlineSteps).toBe(20);
});

it('actions beyond what a policy does are refused', async () => {
  await expect(
    trained(configOf('bc', 'test/fixtures/lerobot/state_only', ['logger.exp_name=degrees'])),
  ).rejects.toThrow(/its actions are from -21\.29.* a policy acts in \[-1, 1\]/);
});
