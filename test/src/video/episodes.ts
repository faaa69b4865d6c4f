import { makeEnvironment } from '../../../envs/registry.js';
import { RandomStream } from '../../../src/rng.js';
import { type Clip, frameOf, type Video } from '../../../src/video/clip.js';
import type { SimulatedVideo } from '../../../src/video/simulated_video.js';

const SETTING = { envId: 'PickCube-v1', controlMode: 'pd_joint_delta_pos', rewardMode: 'dense' } as const;

/** Episodes with random actions: as states, and as the seeds and actions that lead to them. */
export async function randomEpisodes(
  lengths: readonly number[],
  tileSize: number,
): Promise<{ video: Video; replay: SimulatedVideo }> {
  const environment = await makeEnvironment(SETTING.envId, SETTING);
  const { observationDim, actionDim, maxEpisodeSteps } = environment.spec;
  const stream = new RandomStream(1);
  const observation = new Float32Array(observationDim);
  const clips: Clip[] = [];
  const episodes = lengths.map((length, seed) => {
    const title = `episode ${seed}`;
    const actions = new Float32Array(length * actionDim);
    stream.fillUniform(actions, -1, 1);
    environment.reset(seed, observation);
    const frames = [frameOf(environment, 0, environment.evaluate())];
    for (let step = 0; step < length; step++) {
      const outcome = environment.step(
        actions.subarray(step * actionDim, (step + 1) * actionDim),
        observation,
      );
      frames.push(frameOf(environment, step + 1, outcome));
    }
    clips.push({ title, frames });
    return { title, seed, actions };
  });
  environment.close();
  const format = { envId: SETTING.envId, fps: 20, tileSize };
  return { video: { ...format, clips }, replay: { ...SETTING, ...format, maxEpisodeSteps, episodes } };
}
