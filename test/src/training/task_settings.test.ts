import { expect, test } from 'vitest';
import { loadConfig } from '../../../src/config/load.js';
import { taskSpecOf } from '../../../src/config/task.js';
import { UserError } from '../../../src/errors.js';
import { augmentationOf, checkTaskSettings, taskNotes } from '../../../src/training/task_settings.js';

function check(...words: string[]): void {
  checkTaskSettings(loadConfig('configs/default.yml', words));
}

const OTHER_TASK = ['env.env_id=PushCube-v1'];

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
    ['network.relations=[extra.goal_pos,extra.is_grasped]'],
    'network.relations: nothing to relate in extra.is_grasped, extra.goal_pos; it takes the pose of something',
  ],
  [
    [...OTHER_TASK, 'network.observations=[extra.is_grasped]'],
    'network.observations: PushCube-v1 has no "extra.is_grasped"; its parts are agent.qpos',
  ],
  [
    [
      'env.env_id=None',
      'train.dataset_path=some.h5',
      'train.phases=[clone]',
      'train.augment_mirror=False',
      'train.augment_turn=0',
      'network.observations=None',
      'network.relations=[extra.*]',
    ],
    'network.relations: env.env_id is null, and only a task tells what observations are made of',
  ],
])('%s is refused before anything is loaded or written', (words, message) => {
  expect(() => check(...words)).toThrow(message);
  expect(() => check(...words)).toThrow(UserError);
});

test('what its task has is accepted', () => {
  check();
  check(...OTHER_TASK);
  check('network.observations=None');
  check('network.relations=[extra.*]');
});

test.each([
  ['PickCube-v1', [], { mirror: true, turnRadians: 0.15 }],
  ['PushCube-v1', ['turned'], { mirror: true, turnRadians: 0 }],
  ['StackCube-v1', ['mirrored'], { mirror: false, turnRadians: 0.15 }],
  ['PullCubeTool-v1', ['mirrored', 'turned'], null],
])(
  'transitions of %s are seen as its task stays the same, and what is left out is said',
  (envId, idle, used) => {
    const config = loadConfig('configs/default.yml', [`env.env_id=${envId}`]);
    const note = `transitions are not ${idle.join(' or ')}: ${envId} is not the same then`;
    expect(taskNotes(config)).toEqual(idle.length > 0 ? [note] : []);
    const augmentation = augmentationOf(config, taskSpecOf(config));
    expect(augmentation?.options ?? null).toEqual(used && { ...used, stretchedActions: false });
  },
);
