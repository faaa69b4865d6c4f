import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { UserError } from '../../../src/errors.js';
import { createRun } from '../../../src/training/create_run.js';
import { createRunFolder } from '../../../src/training/run_folder.js';
import { silentDisplay, temporaryWorkspace, tinyConfig } from './tiny_run.js';

test.each([
  [
    'pd_ee_delta_pose',
    'sac.augment_mirror, sac.augment_turn: it is not known how actions in pd_ee_delta_pose',
  ],
  ['pd_joint_pos', 'env.env_kwargs.control_mode=pd_joint_pos takes joint positions'],
])('%s is refused before anything is loaded', async (controlMode, message) => {
  const workspace = temporaryWorkspace();
  const config = tinyConfig(workspace, [
    'sac.augment_mirror=True',
    `env.env_kwargs.control_mode=${controlMode}`,
  ]);
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
  rmSync(workspace, { recursive: true });
});
