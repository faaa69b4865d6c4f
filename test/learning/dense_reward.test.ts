import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.js';
import { makeDemos } from '../../src/demonstrations/make_demos.js';
import { readMetricsFile } from '../../src/logging/metrics_file.js';
import { NEVER_STOP } from '../../src/stop_signal.js';
import { createRunFolder } from '../../src/training/folder/run_folder.js';
import { train } from '../../src/training/train.js';
import { silentDisplay } from '../src/training/tiny_run.js';
import { folderOfTests } from '../temporary_folder.js';

const workspace = folderOfTests();

/** No cloning: whatever is learnt comes from the critics, through symmetric batches. */
it('RLPD alone learns to bring the gripper to the cube from a dense reward', async () => {
  const datasetPath = join(workspace, 'demos.h5');
  await makeDemos({
    envId: 'PickCube-v1',
    controlMode: 'pd_joint_delta_pos',
    rewardMode: 'normalized_dense',
    numEpisodes: 30,
    seed: 5,
    actionNoise: 0.1,
    imperfectShare: 0,
    speed: 1,
    failedShare: null,
    holdSteps: null,
    outputPath: datasetPath,
    overwrite: false,
  });
  const config = loadConfig('configs/base_rlpd_ms3.yml', [
    `train.dataset_path=${datasetPath}`,
    `logger.workspace=${workspace}`,
    'env.env_kwargs.reward_mode=normalized_dense',
    'train.steps=2400',
    'train.actor_lr=1e-3',
    'train.critic_lr=1e-3',
    'train.temp_lr=1e-3',
    'train.num_seed_steps=400',
    'train.batch_size=64',
    'train.grad_updates_per_step=32',
    'rlpd.initial_temperature=0.1',
    'train.normalize_observations=True',
    'train.eval_freq=400',
    'train.eval_episodes=20',
    'eval_env.num_envs=20',
    'network.actor.arch_cfg.features=[64, 64]',
    'network.critic.arch_cfg.features=[64, 64]',
  ]);
  const folder = await createRunFolder(config);
  await train(config, folder, null, silentDisplay(), NEVER_STOP);
  const returns = readMetricsFile(folder.metricsPath).flatMap((row) => row['eval/return'] ?? []);
  const [first, last] = [returns[0], Math.max(...returns.slice(-2))];
  expect(first).toBeLessThan(3.5);
  expect(last).toBeGreaterThan(4.5);
  expect(last).toBeGreaterThan(1.6 * first);
});
