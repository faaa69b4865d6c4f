import { join } from 'node:path';
import { makeDemos } from '../../src/demonstrations/make_demos.js';

/** Has the scripted expert record this many episodes of PickCube-v1 in `folder`, and gives the path of the `.h5` file. */
export async function recordDemonstrations(folder: string, numEpisodes: number): Promise<string> {
  const { path } = await makeDemos({
    envId: 'PickCube-v1',
    controlMode: 'pd_joint_delta_pos',
    rewardMode: 'normalized_dense',
    numEpisodes,
    seed: 0,
    actionNoise: 0.1,
    imperfectShare: 0,
    speed: 1,
    failedShare: null,
    holdSteps: null,
    outputPath: join(folder, 'demonstrations.h5'),
    overwrite: false,
  });
  return path;
}
