import { expect, it } from 'vitest';
import { environmentSpec, tableTopTasks } from '../../../envs/registry.js';

const CUBES: Record<string, string[]> = {
  'PickCube-v1': ['extra.obj_pose'],
  'PushCube-v1': ['extra.obj_pose'],
  'PullCube-v1': ['extra.obj_pose'],
  'PokeCube-v1': ['extra.cube_pose'],
  'PullCubeTool-v1': ['extra.cube_pose'],
  'StackCube-v1': ['extra.cubeA_pose', 'extra.cubeB_pose'],
  'StackPyramid-v1': ['extra.cubeA_pose', 'extra.cubeB_pose', 'extra.cubeC_pose'],
};
const BALLS: Record<string, string[]> = {
  'RollBall-v1': ['extra.ball_pose'],
  'PlaceSphere-v1': ['extra.obj_pose'],
};

it.each(tableTopTasks().map(({ id }) => id))('%s tells which poses are of cubes and balls', (envId) => {
  const options = { controlMode: 'pd_joint_delta_pos', rewardMode: 'sparse' } as const;
  const { observationLayout } = environmentSpec(envId, options);
  const symmetric = (wanted: string) =>
    observationLayout.filter(({ symmetry }) => symmetry === wanted).map(({ name }) => name);
  expect(symmetric('cube')).toEqual(CUBES[envId] ?? []);
  expect(symmetric('ball')).toEqual(BALLS[envId] ?? []);
});
