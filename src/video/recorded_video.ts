import { sceneOf } from '../../envs/registry.js';
import type { SceneDescription } from '../../envs/scene.js';
import type { EpisodeRecord } from '../datasets/formats/maniskill/json.js';
import { ManiSkillDataset } from '../datasets/formats/maniskill/reader.js';
import { UserError } from '../errors.js';
import { RecordedStates } from '../replay/recorded_states.js';
import type { Clip, ClipFrame, Video } from './clip.js';

/** The episodes of a dataset that a video shows, side by side. */
export interface RecordedVideoRequest extends Pick<Video, 'fps' | 'tileSize'> {
  /** The `.h5` file. */
  path: string;
  /** The ids of the episodes, or the number of the first ones to show. */
  episodes: readonly number[] | { first: number };
  /** The number of steps after which a single moment is shown; null for whole episodes. */
  step: number | null;
}

/**
 * Makes a video of recorded states, exactly as they are in the file: nothing is simulated. Rewards are shown where they
 * were recorded. Throws a UserError, naming file and episode, if an episode is not there, has no states, is too short,
 * or is of a task that can't be drawn.
 */
export async function recordedVideo(request: RecordedVideoRequest): Promise<Video> {
  const { path, episodes, step, fps, tileSize } = request;
  const dataset = await ManiSkillDataset.open(path);
  try {
    const { envId, scene } = findScene(dataset);
    const clips = choose(dataset, episodes).map((episode) => readClip(dataset, episode, envId, scene, step));
    return { envId, clips, fps, tileSize };
  } finally {
    dataset.close();
  }
}

function findScene({ path, record }: ManiSkillDataset): { envId: string; scene: SceneDescription } {
  const { envId } = record;
  if (envId === null)
    throw new UserError(`${path}: the json names no env_id, so it is not known what to draw`);
  try {
    return { envId, scene: sceneOf(envId) };
  } catch (error) {
    throw new UserError(`${path}: ${(error as Error).message}`, { cause: error });
  }
}

function choose(dataset: ManiSkillDataset, wanted: RecordedVideoRequest['episodes']): EpisodeRecord[] {
  const { episodes } = dataset.record;
  if ('first' in wanted) return episodes.slice(0, wanted.first);
  return wanted.map((id) => {
    const found = episodes.find(({ episodeId }) => episodeId === id);
    if (found) return found;
    const ids = episodes.map(({ episodeId }) => episodeId);
    const range = ids.length > 8 ? `${ids.length} from ${ids[0]} to ${ids.at(-1)}` : ids.join(', ');
    throw new UserError(`${dataset.path}: no episode ${id}; there are ${range}`);
  });
}

function readClip(
  dataset: ManiSkillDataset,
  episode: EpisodeRecord,
  envId: string,
  scene: SceneDescription,
  step: number | null,
): Clip {
  const group = `traj_${episode.episodeId}`;
  const { length, rewards, success } = dataset.readCore(episode);
  const envStates = dataset.readEnvStates(episode);
  if (!envStates) {
    throw new UserError(
      `${dataset.path}: ${group} has no env_states, so there is nothing to draw; record it with its states`,
    );
  }
  if (step !== null && step > length) {
    throw new UserError(`${dataset.path}: ${group} ends after step ${length}; there is no step ${step}`);
  }
  const states = new RecordedStates(envStates, length + 1, `${dataset.path}: ${group}`);
  states.complete(envId, dataset.startOf(episode));
  const frameAt = (after: number): ClipFrame => ({
    state: states.at(after),
    step: after,
    reward: after > 0 && rewards ? rewards[after - 1] : null,
    rewardTerms: {},
    success: after > 0 && success[after - 1] === 1,
  });
  const steps = step === null ? Array.from({ length: length + 1 }, (_, i) => i) : [step];
  const frames = steps.map(frameAt);
  checkDrawable(`${dataset.path}: ${group}/env_states`, frames[0], scene);
  return { title: `episode ${episode.episodeId}`, frames };
}

function checkDrawable(source: string, { state }: ClipFrame, scene: SceneDescription): void {
  const poses = new Float32Array(7 * scene.bodies.length);
  try {
    scene.writePoses(state, poses);
  } catch (error) {
    throw new UserError(`${source}: ${(error as Error).message}`, { cause: error });
  }
  if (!poses.every(Number.isFinite))
    throw new UserError(`${source}: rows too short for the robot and its objects`);
}
