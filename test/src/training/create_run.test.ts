import { expect, test } from 'vitest';
import { UserError } from '../../../src/errors.js';
import { createRun } from '../../../src/training/create_run.js';
import { createRunFolder } from '../../../src/training/run_folder.js';
import { folderOfTest } from '../../temporary_folder.js';
import { silentDisplay, tinyConfig } from './tiny_run.js';

test.each([
  [
    ['env.env_kwargs.control_mode=pd_ee_delta_pose', 'train.data_action_scale=2'],
    'train.data_action_scale stretches the parts of an action in pd_ee_delta_pose differently',
  ],
  [
    ['env.env_kwargs.control_mode=pd_joint_pos'],
    'env.env_kwargs.control_mode=pd_joint_pos takes joint positions',
  ],
])('%s is refused before anything is loaded', async (words, message) => {
  const workspace = folderOfTest();
  const config = tinyConfig(workspace, words);
  const creating = createRun(
    config,
    await createRunFolder(config),
    'none.h5',
    silentDisplay(),
    performance.now(),
    null,
  );
  await expect(creating).rejects.toThrow(message);
  await expect(creating).rejects.toBeInstanceOf(UserError);
});
