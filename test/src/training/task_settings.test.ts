import { expect, test } from 'vitest';
import { loadConfig } from '../../../src/config/load.js';
import { UserError } from '../../../src/errors.js';
import { checkTaskSettings } from '../../../src/training/task_settings.js';

function check(...words: string[]): void {
  checkTaskSettings(loadConfig('configs/default.yml', words));
}

const OTHER_TASK = ['env.env_id=PushCube-v1'];
const NOT_ELSEWHERE = [...OTHER_TASK, 'train.augment_mirror=False', 'train.augment_turn=0'];

test.each([
  [
    ['env.env_kwargs.control_mode=pd_ee_delta_pose', 'train.data_action_scale=2'],
    'train.data_action_scale stretches the parts of an action in pd_ee_delta_pose differently',
  ],
  [
    ['env.env_kwargs.control_mode=pd_joint_pos'],
    'env.env_kwargs.control_mode=pd_joint_pos takes joint positions, and a policy acts in [-1, 1]: train in pd_joint_delta_pos',
  ],
  [
    OTHER_TASK,
    'train.augment_mirror, train.augment_turn: PushCube-v1 is not the same in a mirror or turned; neither is done with ' +
      'train.augment_mirror=False train.augment_turn=0',
  ],
  [NOT_ELSEWHERE, 'network.observations: PushCube-v1 has no "extra.is_grasped"; its parts are agent.qpos'],
])('%s is refused before anything is loaded or written', (words, message) => {
  expect(() => check(...words)).toThrow(message);
  expect(() => check(...words)).toThrow(UserError);
});

test('what its task has is accepted', () => {
  check();
  check(...NOT_ELSEWHERE, 'network.observations=None');
});
