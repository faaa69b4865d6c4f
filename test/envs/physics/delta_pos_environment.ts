import { afterAll, beforeAll } from 'vitest';
import type { Environment } from '../../../envs/env.js';
import { makeEnvironment } from '../../../envs/registry.js';

/** PickCube-v1 in `pd_joint_delta_pos`, without rewards, for the tests of the block that calls this. */
export function useDeltaPosEnvironment(): () => Environment {
  let environment: Environment;
  beforeAll(async () => {
    environment = await makeEnvironment('PickCube-v1', {
      controlMode: 'pd_joint_delta_pos',
      rewardMode: 'none',
    });
  });
  afterAll(() => environment.close());
  return () => environment;
}
