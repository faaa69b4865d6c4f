import { expect, it } from 'vitest';
import { makeEnvironment } from '../../../envs/registry.js';
import { expertAnswers } from '../../../scripts/results/expert_answers.js';
import { readTaskRecording } from '../../envs/task_recording.js';

const MODE = 'pd_joint_delta_pos';

it("names the robot and the parts of ManiSkill's observation", () => {
  const recording = readTaskRecording('roll_ball');
  expect(JSON.parse(expertAnswers('RollBall-v1', MODE).greeting)).toEqual({
    robot: recording.robot,
    observation_layout: recording.obs_layout.map(([name, , size]) => [name, size]),
  });
});

it.each([MODE, 'pd_ee_delta_pose'])(
  'answers observations with actions that solve the task in %s',
  async (mode) => {
    const environment = await makeEnvironment('PushCube-v1', { controlMode: mode, rewardMode: 'none' });
    const { answer } = expertAnswers('PushCube-v1', mode);
    const observation = new Float32Array(environment.spec.observationDim);
    environment.reset(7, observation);
    expect(answer('{"reset": 7}')).toBe('{}');
    let success = false;
    for (let step = 0; step < environment.spec.maxEpisodeSteps && !success; step++) {
      const { action } = JSON.parse(answer(JSON.stringify({ observation: [...observation] })));
      success = environment.step(Float32Array.from(action), observation).success;
    }
    environment.close();
    expect(success).toBe(true);
  },
);

it('refuses a task without an expert, an unknown control mode and observations of another task', () => {
  expect(() => expertAnswers('PushTub-v1', MODE)).toThrow(
    'no expert for "PushTub-v1"; there are: PickCube-v1,',
  );
  expect(() => expertAnswers('PushCube-v1', 'pd_joint')).toThrow('has no control mode "pd_joint"');
  expect(() => expertAnswers('PushCube-v1', MODE).answer('{"observation": [0, 1]}')).toThrow(
    'an observation of 2 values; PushCube-v1 has 35',
  );
});
