import type { RewardMode } from '../../envs/env.js';
import { commandText } from '../command_text.js';
import type { EpisodeRecord } from '../datasets/formats/maniskill/json.js';
import { ManiSkillDataset } from '../datasets/formats/maniskill/reader.js';
import type { Trajectory } from '../datasets/formats/maniskill/trajectory.js';
import { UserError } from '../errors.js';
import { namedStream } from '../rng.js';
import { actionScaleOf } from './action_scale.js';
import { type DemoOutcome, type DemoSummary, demoOutcome, summariseDemos } from './demo_summary.js';
import { ReplayBuffer } from './replay_buffer.js';

/** Which episodes of a dataset are used. */
export interface DemoChoice {
  /** How many; null for all. */
  numDemos: number | null;
  /** True draws the episodes (stream `demo-choice`) instead of taking the first. */
  shuffle: boolean;
  /** Leaves out episodes that do not end in success. */
  skipFailed: boolean;
  /** The run's seed. */
  seed: number;
}

/** The facts of a task that a dataset has to agree with. */
export interface DemoTask {
  envId: string;
  controlMode: string;
  observationDim: number;
  actionDim: number;
}

export interface DemoOptions extends DemoChoice {
  /** The `.h5` file of a ManiSkill dataset. */
  path: string;
  /** The task that the data have to be of; null to take them as they are. */
  task: DemoTask | null;
  rewardMode: RewardMode;
  /** See {@link actionScaleOf}; null leaves the actions as they are. */
  dataActionScale: number | null;
  /** The scale of a run that goes on, as {@link Demonstrations} has it: then the recorded actions have no say in it. */
  actionScale?: Float32Array | null;
}

export interface Demonstrations {
  buffer: ReplayBuffer;
  observationDim: number;
  actionDim: number;
  /** [actionDim]: the buffer's actions are the recorded ones times this; null if they are as recorded. */
  actionScale: Float32Array | null;
  summary: DemoSummary;
}

/**
 * Loads demonstrations into a replay buffer of their own. Success does not end bootstrapping and neither does a time
 * limit within a recording, so every discount is γⁿ (the masks of the reference are all one); an episode ends where its
 * recording does. Sparse rewards are recomputed from the success flags; the dense ones have to be in the file.
 * Throws a UserError if the dataset does not fit the task.
 */
export async function loadDemonstrations(options: DemoOptions): Promise<Demonstrations> {
  const sizes = options.task ?? (await recordedSizes(options.path));
  const dataset = await ManiSkillDataset.open(options.path, sizes);
  try {
    checkRewardMode(dataset, options);
    const candidates = chooseCandidates(dataset, options);
    const trajectories = chooseEpisodes(candidates, options).map((episode) => dataset.read(episode));
    const summary: DemoSummary = {
      path: options.path,
      available: dataset.record.episodes.length,
      ...summariseDemos(trajectories, sizes.observationDim, sizes.actionDim),
      notes: dataset.notes,
    };
    if (isDense(options.rewardMode) && dataset.record.rewardMode === null) {
      summary.notes.push(`the json names no reward_mode: its rewards are taken to be ${options.rewardMode}`);
    }
    if (options.numDemos !== null && candidates.length < options.numDemos) {
      summary.notes.push(
        `asked for ${options.numDemos} episodes, but there are only ${candidates.length}: using all`,
      );
    }
    if (!options.task) checkActionRange(summary);
    const { observationDim, actionDim } = sizes;
    const actionScale = scaleOf(summary, options);
    const buffer = fillBuffer(trajectories, actionScale, sizes, options);
    return { buffer, observationDim, actionDim, actionScale, summary };
  } finally {
    dataset.close();
  }
}

/** The sizes of the first episode, which all others then have to have. */
async function recordedSizes(path: string): Promise<Pick<DemoTask, 'observationDim' | 'actionDim'>> {
  const dataset = await ManiSkillDataset.open(path);
  try {
    const { observations, actions, length } = dataset.read(dataset.record.episodes[0]);
    return { observationDim: observations.length / (length + 1), actionDim: actions.length / length };
  } finally {
    dataset.close();
  }
}

/** A tanh policy acts in [−1, 1], and no task says what else the actions would be. */
function checkActionRange({ path, actionRange }: DemoSummary): void {
  const low = Math.min(...actionRange.min);
  const high = Math.max(...actionRange.max);
  if (low >= -1 && high <= 1) return;
  throw new UserError(
    `${path}: its actions are from ${low} to ${high}, and a policy acts in [-1, 1]: give its task (env.env_id), or a dataset ` +
      'with actions in that range',
  );
}

function scaleOf(
  { actionRange }: DemoSummary,
  { actionScale, dataActionScale }: DemoOptions,
): Float32Array | null {
  if (actionScale !== undefined) return actionScale;
  return dataActionScale === null ? null : actionScaleOf(actionRange, dataActionScale);
}

/** How the episodes that {@link loadDemonstrations} takes went, without loading them. */
export async function chosenOutcome(path: string, choice: DemoChoice): Promise<DemoOutcome> {
  const dataset = await ManiSkillDataset.open(path);
  try {
    const episodes = chooseEpisodes(chooseCandidates(dataset, choice), choice);
    return demoOutcome(episodes.map((episode) => dataset.readCore(episode)));
  } finally {
    dataset.close();
  }
}

function chooseCandidates(dataset: ManiSkillDataset, { skipFailed }: DemoChoice): EpisodeRecord[] {
  if (!skipFailed) return dataset.record.episodes;
  const candidates = dataset.record.episodes.filter((episode) => dataset.succeeds(episode));
  if (candidates.length === 0) throw new UserError(`${dataset.path}: no episode ends in success`);
  return candidates;
}

function chooseEpisodes(
  candidates: EpisodeRecord[],
  { numDemos, shuffle, seed }: DemoChoice,
): EpisodeRecord[] {
  const count = Math.min(numDemos ?? candidates.length, candidates.length);
  if (!shuffle) return candidates.slice(0, count);
  return namedStream(seed, 'demo-choice')
    .choose(count, candidates.length)
    .map((index) => candidates[index]);
}

function fillBuffer(
  trajectories: readonly Trajectory[],
  actionScale: Float32Array | null,
  { observationDim, actionDim }: Pick<DemoTask, 'observationDim' | 'actionDim'>,
  options: DemoOptions,
): ReplayBuffer {
  const capacity = trajectories.reduce((sum, trajectory) => sum + trajectory.length, 0);
  const buffer = new ReplayBuffer({ capacity, numEnvs: 1, observationDim, actionDim });
  for (const trajectory of trajectories) {
    const { length, observations, actions } = trajectory;
    buffer.add({
      observations: observations.subarray(0, length * observationDim),
      actions: actionScale ? actions.map((value, i) => value * actionScale[i % actionDim]) : actions,
      rewards: rewardsOf(trajectory, options),
      nextObservations: observations.subarray(observationDim),
      terminated: new Uint8Array(length),
      truncated: new Uint8Array(length).fill(1, length - 1),
    });
  }
  return buffer;
}

function rewardsOf(trajectory: Trajectory, { path, rewardMode }: DemoOptions): Float32Array {
  switch (rewardMode) {
    case 'sparse':
      return Float32Array.from(trajectory.success);
    case 'none':
      return new Float32Array(trajectory.length);
    case 'dense':
    case 'normalized_dense':
      if (trajectory.rewards) return trajectory.rewards;
      throw new UserError(
        `${path}: traj_${trajectory.episodeId} has no rewards. ${recordRewardsHint(path, rewardMode)}`,
      );
    default:
      return rewardMode satisfies never;
  }
}

function isDense(rewardMode: RewardMode): boolean {
  return rewardMode === 'dense' || rewardMode === 'normalized_dense';
}

function checkRewardMode(dataset: ManiSkillDataset, { path, rewardMode }: DemoOptions): void {
  const recorded = dataset.record.rewardMode;
  if (!isDense(rewardMode) || recorded === null || recorded === rewardMode) return;
  throw new UserError(
    `${path} holds rewards of reward_mode ${recorded}; expected ${rewardMode}. ${recordRewardsHint(path, rewardMode)}`,
  );
}

function recordRewardsHint(path: string, rewardMode: RewardMode): string {
  const how = ['--use-env-states', '--reward-mode', rewardMode, '--record-rewards', '--allow-failure'];
  const replay = commandText('replay', '--traj-path', path, ...how, '--save-traj');
  return `Use reward_mode sparse, or replay it: ${replay}`;
}
