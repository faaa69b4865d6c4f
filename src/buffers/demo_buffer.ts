import { type ColumnRange, columnRange } from '../datasets/column_range.js';
import type { Dataset } from '../datasets/dataset.js';
import type { EpisodeOutcome } from '../datasets/episode.js';
import { figure } from '../datasets/wording.js';
import { UserError } from '../errors.js';
import { policyActionScale } from './action_scale.js';
import { type DataPart, partsOf } from './data_parts.js';
import { chooseEpisodes, type DemoChoice } from './demo_choice.js';
import {
  type DemoOptions,
  type ReadDemonstrations,
  readDemonstrations,
  transitionsOf,
} from './demo_reading.js';
import {
  constantNotes,
  type DemoOutcome,
  type DemoSummary,
  demoOutcome,
  summariseDemos,
} from './demo_summary.js';
import type { FlatEpisode, FlatSizes } from './flat_episode.js';
import { ReplayBuffer } from './replay_buffer.js';
import { type RewardScaling, rewardNote, rewardScalingOf, scaleRewards } from './reward_scaling.js';

export type { DemoOptions, DemoTask } from './demo_reading.js';

export interface Demonstrations {
  buffer: ReplayBuffer;
  /** The datasets in the buffer and their shares; null if all rows are drawn alike. */
  parts: readonly DataPart[] | null;
  observationDim: number;
  actionDim: number;
  /** [actionDim]: the buffer's actions are the recorded ones times this; null if they are as recorded. */
  actionScale: Float32Array | null;
  /** The buffer's rewards are the recorded ones by this; null if they are as recorded. */
  rewardScaling: RewardScaling | null;
  summary: DemoSummary;
}

/**
 * Loads demonstrations into a replay buffer of their own, by the learning rules of their format. An episode ends where its
 * recording does; only a termination that counts as one makes a discount 0. Throws a UserError if the dataset does not fit
 * the task, or if something in the chosen episodes can't be learnt from.
 */
export async function loadDemonstrations(dataset: Dataset, options: DemoOptions): Promise<Demonstrations> {
  return joinDemonstrations([await readDemonstrations(dataset, options, null)], null, options);
}

/**
 * Puts the demonstrations of one dataset or of several, one after another, into a replay buffer. With `weights`, one for each, they
 * have shares of what is drawn. Throws a UserError if the actions of one are not to be learnt from, or of several not to be
 * scaled alike.
 */
export function joinDemonstrations(
  sets: readonly ReadDemonstrations[],
  weights: readonly number[] | null,
  options: DemoOptions,
): Demonstrations {
  const episodes = sets.flatMap((set) => set.episodes);
  const { observationDim, actionDim } = sets[0];
  const sizes = { observationDim, actionDim };
  const summary = summariseDemos(episodes, sizes, options.judgedBy);
  const path = sets.map((set) => set.path).join(' and ');
  const parts = weights && partsOf(sets.map(transitionsOf), weights);
  const notes =
    sets.length === 1 ? [...sets[0].notes] : sets.flatMap((set, i) => notesOf(set, parts?.[i] ?? null));
  notes.push(...constantNotes(summary.observationRange));
  const { scale: actionScale, note } =
    options.actionScale === undefined
      ? commonActionScale(sets, summary.actionRange, options)
      : { scale: options.actionScale, note: null };
  if (note !== null) notes.push(note);
  const returns = episodes.map((episode) => episode.return);
  const rewardScaling = options.rewardRule ? rewardScalingOf(path, options.rewardRule, returns) : null;
  if (rewardScaling) notes.push(rewardNote(rewardScaling, returns));
  return {
    buffer: fillBuffer(episodes, actionScale, rewardScaling, sizes),
    parts,
    ...sizes,
    actionScale,
    rewardScaling,
    summary: { path, available: sets.reduce((sum, set) => sum + set.available, 0), ...summary, notes },
  };
}

/** The remarks on one of several datasets. */
function notesOf(set: ReadDemonstrations, part: DataPart | null): string[] {
  const { path, episodes, available, notes } = set;
  const share = part ? `, ${figure(100 * part.share)} % of the rows that are drawn` : '';
  return [
    `${path}: ${episodes.length} of ${available} episodes, ${transitionsOf(set)} transitions${share}`,
    ...notes.map((note) => `${path}: ${note}`),
  ];
}

/** The one scale of the actions of all datasets, see {@link policyActionScale}; `range` is that of all of them. */
function commonActionScale(
  sets: readonly ReadDemonstrations[],
  range: ColumnRange,
  options: DemoOptions,
): ReturnType<typeof policyActionScale> {
  const [first, ...others] = sets;
  if (others.length === 0 || options.dataActionScale !== null) {
    return policyActionScale(first.path, range, first.actionBounds, options);
  }
  const found = sets.map((set) => {
    const actions = set.episodes.map((episode) => episode.actions);
    return policyActionScale(set.path, columnRange(actions, set.actionDim), set.actionBounds, options);
  });
  const unlike = found.findIndex(({ scale }) => scale?.join() !== found[0].scale?.join());
  if (unlike < 0) return found[0];
  throw new UserError(
    `${first.path} and ${sets[unlike].path} declare other bounds for their actions, and one policy can't stand for both`,
  );
}

/** The outcome of the episodes that {@link loadDemonstrations} takes, without loading them. */
export async function chosenOutcome(dataset: Dataset, choice: DemoChoice): Promise<DemoOutcome> {
  const { indices } = await chooseEpisodes(dataset, choice);
  const outcomes: EpisodeOutcome[] = [];
  for (const index of indices) outcomes.push(await dataset.outcome(index));
  return demoOutcome(outcomes, choice.judgedBy);
}

function fillBuffer(
  episodes: readonly FlatEpisode[],
  actionScale: Float32Array | null,
  rewardScaling: RewardScaling | null,
  { observationDim, actionDim }: FlatSizes,
): ReplayBuffer {
  const capacity = episodes.reduce((sum, episode) => sum + episode.length, 0);
  const buffer = new ReplayBuffer({ capacity, numEnvs: 1, observationDim, actionDim });
  const scaled = (actions: Float32Array) =>
    actionScale ? actions.map((value, i) => value * actionScale[i % actionDim]) : actions;
  if (episodes.some(({ intendedActions }) => intendedActions)) {
    const intended = new Float32Array(capacity * actionDim);
    let at = 0;
    for (const { length, actions, intendedActions = actions } of episodes) {
      intended.set(scaled(intendedActions), at);
      at += length * actionDim;
    }
    buffer.setIntendedActions(intended);
  }
  for (const { length, observations, actions, rewards, terminated } of episodes) {
    buffer.add({
      observations: observations.subarray(0, length * observationDim),
      actions: scaled(actions),
      rewards: rewardScaling ? scaleRewards(rewards, rewardScaling) : rewards,
      nextObservations: observations.subarray(observationDim),
      terminated,
      truncated: new Uint8Array(length).fill(1, length - 1),
    });
  }
  return buffer;
}
