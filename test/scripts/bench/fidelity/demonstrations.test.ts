import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { demonstrationsOf, replayDemonstrations } from '../../../../scripts/bench/fidelity/demonstrations.js';
import { folderOfTest } from '../../../temporary_folder.js';

it("carries out ManiSkill's demonstrations and says how many succeed and where objects end", async () => {
  const figures = await replayDemonstrations('test/fixtures/demos/pick_cube.h5');
  expect(figures).toMatchObject({ episodes: 3, successOnce: 1, successAtEnd: 1 });
  const [median, ninety, largest] = figures.endDistance;
  expect(median).toBeGreaterThan(0.01);
  expect(ninety).toBeGreaterThanOrEqual(median);
  expect(largest).toBeGreaterThanOrEqual(ninety);
  expect(largest).toBeLessThan(2);
});

it('needs the states of the recording', async () => {
  await expect(replayDemonstrations('test/fixtures/demos/pick_cube_failures.h5')).rejects.toThrow(
    'no recorded states',
  );
});

it('takes the larger set of a task where there are two', () => {
  const folder = folderOfTest();
  const file = 'trajectory.state.pd_joint_delta_pos.physx_cpu.h5';
  const add = (name: string) => {
    mkdirSync(join(folder, 'PickCube-v1', name), { recursive: true });
    cpSync('test/fixtures/demos/pick_cube.h5', join(folder, 'PickCube-v1', name, file));
  };
  expect(() => demonstrationsOf('PickCube-v1', folder)).toThrow('no demonstrations of PickCube-v1 in ');
  add('motionplanning');
  expect(demonstrationsOf('PickCube-v1', folder)).toBe(join(folder, 'PickCube-v1/motionplanning', file));
  add('motionplanning100');
  expect(demonstrationsOf('PickCube-v1', folder)).toBe(join(folder, 'PickCube-v1/motionplanning100', file));
});
