import { setImmediate } from 'node:timers/promises';
import type { Environment, RewardMode } from '../../envs/env.js';
import { makeEnvironment } from '../../envs/registry.js';
import { type Clip, frameOf, type Video } from './clip.js';

/** The seed and the actions of an episode, by which it can be simulated again, since environments are deterministic. */
export interface SimulatedEpisode {
  /** Beginning of the caption, such as `episode 3`. */
  title: string;
  seed: number;
  /** [steps, actionDim], as the environment took them. */
  actions: Float32Array;
}

/** A video of episodes that are simulated again to be shown: far less to keep and to hand over than their states. */
export interface SimulatedVideo extends Pick<Video, 'envId' | 'fps' | 'tileSize'> {
  controlMode: string;
  rewardMode: RewardMode;
  maxEpisodeSteps: number;
  episodes: readonly SimulatedEpisode[];
}

/** Simulates the episodes in an environment of its own. Throws on an unknown environment or control mode. */
export async function simulateVideo(video: SimulatedVideo): Promise<Video> {
  const { envId, fps, tileSize, episodes } = video;
  const environment = await makeEnvironment(envId, video);
  try {
    const clips: Clip[] = [];
    for (const episode of episodes) {
      clips.push(simulateEpisode(environment, episode));
      await setImmediate();
    }
    return { envId, fps, tileSize, clips };
  } finally {
    environment.close();
  }
}

function simulateEpisode(environment: Environment, { title, seed, actions }: SimulatedEpisode): Clip {
  const { observationDim, actionDim } = environment.spec;
  const observation = new Float32Array(observationDim);
  environment.reset(seed, observation);
  const frames = [frameOf(environment, 0, environment.evaluate())];
  for (let step = 1; step * actionDim <= actions.length; step++) {
    const action = actions.subarray((step - 1) * actionDim, step * actionDim);
    frames.push(frameOf(environment, step, environment.step(action, observation)));
  }
  return { title, frames };
}
