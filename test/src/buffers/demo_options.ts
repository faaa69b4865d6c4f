import type { DemoOptions } from '../../../src/buffers/demo_buffer.js';

/** All demonstrations, as they are, without a task. */
export const WITHOUT_TASK: DemoOptions = {
  task: null,
  rewardMode: 'sparse',
  numDemos: null,
  shuffle: false,
  skipFailed: false,
  judgedBy: 'success_at_end',
  topShare: 1,
  dataActionScale: null,
  seed: 0,
};

/** All demonstrations of PickCube-v1, as the default recipe's task has them. */
export const OF_PICK_CUBE: DemoOptions = {
  ...WITHOUT_TASK,
  task: { envId: 'PickCube-v1', controlMode: 'pd_joint_delta_pos', observationDim: 42, actionDim: 8 },
};
