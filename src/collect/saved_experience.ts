import { toEnvironmentActions } from '../buffers/action_scale.js';
import { ReplayBuffer } from '../buffers/replay_buffer.js';
import { UNCHANGED } from '../buffers/reward_scaling.js';
import type { RecordedTrajectory } from '../datasets/formats/maniskill/writer.js';
import { UserError } from '../errors.js';
import type { LoadedCheckpoint } from '../training/checkpoints/checkpoint.js';

/** The saved experience of a run, without the simulator's states, which no replay buffer has. */
export interface SavedExperience {
  /** The whole episodes, in the order in which they began. */
  episodes: RecordedTrajectory[];
  /** Steps of episodes that were under way, or whose beginnings were overwritten. */
  stepsLeftOut: number;
}

/**
 * The whole episodes in a checkpoint's replay buffer: what the policy and its exploration did in the phase online, with
 * actions and rewards as the task has them. Throws a UserError if the checkpoint has no replay buffer, or if its rewards
 * don't tell success.
 */
export function savedExperience(checkpoint: LoadedCheckpoint): SavedExperience {
  const buffer = restoredBuffer(checkpoint);
  const oldestFirst = buffer.newestFirst().reverse();
  const isContinued = new Set<number>();
  const episodes: RecordedTrajectory[] = [];
  for (const [age, first] of oldestFirst.entries()) {
    if (isContinued.has(first)) continue;
    const rows = rowsFrom(buffer, first);
    for (const row of rows) isContinued.add(row);
    // Before the oldest step of an environment, others may have been overwritten.
    const hasBeginning = buffer.size < buffer.capacity || age >= checkpoint.config.env.num_envs;
    if (!hasBeginning || !buffer.isTruncated(rows[rows.length - 1])) continue;
    episodes.push(episodeOf(buffer, rows, episodes.length, checkpoint));
  }
  const kept = episodes.reduce((sum, { length }) => sum + length, 0);
  return { episodes, stepsLeftOut: buffer.size - kept };
}

function restoredBuffer({ path, config, replay, sizes }: LoadedCheckpoint): ReplayBuffer {
  const { env, train } = config;
  if (!replay || !sizes || replay.size === 0) {
    throw new UserError(
      `${path} has no experience: it is saved in the phase online, with train.save_buffer_in_checkpoints=True, in ` +
        'models/latest and models/ckpt_<steps>',
    );
  }
  if (env.env_kwargs.reward_mode !== 'sparse') {
    throw new UserError(
      `${path}: its rewards are ${env.env_kwargs.reward_mode}, which don't tell success; only experience of ` +
        'env.env_kwargs.reward_mode=sparse can be written',
    );
  }
  const buffer = new ReplayBuffer({
    ...sizes,
    capacity: train.replay_buffer_capacity,
    numEnvs: env.num_envs,
  });
  buffer.setState(replay);
  return buffer;
}

/** The rows of the episode that goes on from `first`. */
function rowsFrom(buffer: ReplayBuffer, first: number): number[] {
  const rows = [first];
  for (let next = buffer.following(first); next >= 0; next = buffer.following(next)) rows.push(next);
  return rows;
}

function episodeOf(
  buffer: ReplayBuffer,
  rows: readonly number[],
  episodeId: number,
  { actionScale, rewardScaling }: LoadedCheckpoint,
): RecordedTrajectory {
  const { length } = rows;
  const observations = new Float32Array((length + 1) * buffer.observationDim);
  const actions = new Float32Array(length * buffer.actionDim);
  rows.forEach((row, step) => {
    buffer.copy('observations', row, observations, step);
    buffer.copy('actions', row, actions, step);
  });
  buffer.copy('nextObservations', rows[length - 1], observations, length);
  if (actionScale) toEnvironmentActions(actions, actionScale);
  const { scale, shift } = rewardScaling ?? UNCHANGED;
  const rewards = Float32Array.from(rows, (row) => Math.round((buffer.rewardOf(row) - shift) / scale));
  const success = Uint8Array.from(rewards);
  const truncated = new Uint8Array(length);
  truncated[length - 1] = 1;
  const flags = { terminated: success, truncated, success };
  return { episodeId, seed: null, length, observations, actions, rewards, ...flags, envStates: null };
}
