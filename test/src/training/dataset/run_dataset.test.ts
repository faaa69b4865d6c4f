import { expect, test } from 'vitest';
import { registerTask } from '../../../../envs/registry.js';
import { ROLL_BALL } from '../../../../envs/tasks/roll_ball.js';
import { loadConfig } from '../../../../src/config/load.js';
import { UserError } from '../../../../src/errors.js';
import { checkDataset } from '../../../../src/training/dataset/run_dataset.js';

test('without a dataset, a task must have an expert to make one', async () => {
  const { expert: _, ...unscripted } = ROLL_BALL;
  registerTask({ ...unscripted, id: 'Unscripted-v0' }, import.meta.url);
  const check = (envId: string) => checkDataset(loadConfig('configs/default.yml', [`env.env_id=${envId}`]));
  await check('RollBall-v1');
  const checking = check('Unscripted-v0');
  await expect(checking).rejects.toThrow(
    'train.dataset_path is not set, and Unscripted-v0 has no scripted expert to make demonstrations: give a dataset, ' +
      'or choose a task with an expert: PickCube-v1, PushCube-v1, PullCube-v1',
  );
  await expect(checking).rejects.toBeInstanceOf(UserError);
});
