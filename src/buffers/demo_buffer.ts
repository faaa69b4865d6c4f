import type { RewardMode } from '../../envs/env.js';
import { wrongShape } from '../datasets/array_checks.js';
import type { Dataset, DatasetHead, DatasetTask } from '../datasets/dataset.js';
import type { EpisodeOutcome } from '../datasets/episode.js';
import { episodeProblems } from '../datasets/episode_checks.js';
import { UserError } from '../errors.js';
import { namedStream } from '../rng.js';
import { type ActionBounds, actionScaleOf, scaleOfBounds } from './action_scale.js';
import { type DemoOutcome, type DemoSummary, demoOutcome, summariseDemos } from './demo_summary.js';
import { type FlatEpisode, type FlatSizes, flatten } from './flat_episode.js';
import { ReplayBuffer } from './replay_buffer.js';

/** The choice of a dataset's episodes. */
export interface DemoChoice {
  /** Number of episodes; null for all. */
  numDemos: number | null;
  /** True draws the episodes (stream `demo-choice`) instead of taking the first. */
  shuffle: boolean;
  /** Leaves out episodes that do not end in success. */
  skipFailed: boolean;
  /** The run's seed. */
  seed: number;
}

export interface DemoOptions extends DemoChoice {
  /** The task that the data have to be of, with its sizes; null to take them as they are. */
  task: (DatasetTask & FlatSizes) | null;
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
 * Loads demonstrations into a replay buffer of their own, by the learning rules of their format. An episode ends where its
 * recording does; only a termination that counts as one makes a discount 0. Throws a UserError if the dataset does not fit
 * the task, or if something in the chosen episodes can't be learnt from.
 */
export async function loadDemonstrations(dataset: Dataset, options: DemoOptions): Promise<Demonstrations> {
  const { head } = dataset;
  if (head.problems.length > 0) throw new UserError(head.problems[0]);
  const rules = dataset.learningRules(options.rewardMode);
  const candidates = await chooseCandidates(dataset, options);
  const episodes: (FlatEpisode & FlatSizes)[] = [];
  for (const index of chooseEpisodes(candidates, options)) {
    const episode = await dataset.episode(index);
    const [problem] = episodeProblems(head, episode);
    if (problem !== undefined) throw new UserError(`${head.path}: ${problem}`);
    const flat = flatten(head.path, episode, rules);
    const model = options.task?.envId ?? 'the first episode';
    checkSizes(`${head.path}: ${head.ids[index]}`, flat, options.task ?? episodes[0] ?? flat, model);
    episodes.push(flat);
  }
  const { observationDim, actionDim } = options.task ?? episodes[0];
  const sizes = { observationDim, actionDim };
  const summary: DemoSummary = {
    path: head.path,
    available: head.ids.length,
    ...summariseDemos(episodes, sizes),
    notes: [...head.notes, ...rules.notes],
  };
  if (options.numDemos !== null && candidates.length < options.numDemos) {
    summary.notes.push(
      `asked for ${options.numDemos} episodes, but there are only ${candidates.length}: using all`,
    );
  }
  const actionScale = scaleOf(dataset, summary, options);
  return { buffer: fillBuffer(episodes, actionScale, sizes), ...sizes, actionScale, summary };
}

/** `model` has the sizes that are expected, in words. */
function checkSizes(place: string, found: FlatEpisode & FlatSizes, expected: FlatSizes, model: string): void {
  for (const [part, key, rows] of [
    ['observations', 'observationDim', found.length + 1],
    ['actions', 'actionDim', found.length],
  ] as const) {
    const problem = wrongShape([rows, found[key]], [rows, expected[key]]);
    if (problem !== null) throw new UserError(`${place}/${part} ${problem}, as ${model} has them`);
  }
}

/** Factors by which recorded actions become those of a policy, which acts in [−1, 1] by its tanh; null leaves them. */
function scaleOf(
  { head }: Dataset,
  summary: DemoSummary,
  { task, actionScale, dataActionScale }: DemoOptions,
): Float32Array | null {
  if (actionScale !== undefined) return actionScale;
  if (dataActionScale !== null) return actionScaleOf(summary.actionRange, dataActionScale);
  const declared = declaredActions(head);
  const scale = declared && scaleOfBounds(declared);
  if (!scale) {
    if (!task) checkActionRange(summary, declared);
    return null;
  }
  const range = `from ${Math.min(...declared.low)} to ${Math.max(...declared.high)}`;
  if (task) {
    throw new UserError(
      `${head.path}: its actions are ${range}; expected [-1, 1], as ${task.envId} takes them`,
    );
  }
  summary.notes.push(`its actions are ${range}; the policy's, in [-1, 1], stand for these`);
  return scale;
}

/** The bounds of all numbers of an action, as the dataset declares them; null where it does not. */
function declaredActions({ declared }: DatasetHead): ActionBounds | null {
  const all = [...declared].filter(([name]) => /^actions(\/|$)/.test(name)).map(([, { bounds }]) => bounds);
  const bounds = all.filter((bound) => bound !== null);
  if (all.length === 0 || bounds.length < all.length) return null;
  return { low: bounds.flatMap(({ low }) => low), high: bounds.flatMap(({ high }) => high) };
}

function checkActionRange({ path, actionRange }: DemoSummary, declared: ActionBounds | null): void {
  const { low, high } = declared ?? { low: actionRange.min, high: actionRange.max };
  const [lowest, highest] = [Math.min(...low), Math.max(...high)];
  if (lowest >= -1 && highest <= 1) return;
  throw new UserError(
    `${path}: its actions are from ${lowest} to ${highest}, and a policy acts in [-1, 1]: give its task (env.env_id), or a ` +
      'dataset with actions in that range',
  );
}

/** The outcome of the episodes that {@link loadDemonstrations} takes, without loading them. */
export async function chosenOutcome(dataset: Dataset, choice: DemoChoice): Promise<DemoOutcome> {
  const indices = chooseEpisodes(await chooseCandidates(dataset, choice), choice);
  const outcomes: EpisodeOutcome[] = [];
  for (const index of indices) outcomes.push(await dataset.outcome(index));
  return demoOutcome(outcomes);
}

/** Places of the episodes that may be chosen. */
async function chooseCandidates(dataset: Dataset, { skipFailed }: DemoChoice): Promise<number[]> {
  const { path, ids } = dataset.head;
  const all = [...ids.keys()];
  if (!skipFailed) return all;
  const candidates: number[] = [];
  for (const index of all) {
    const { success } = await dataset.outcome(index);
    if (!success) {
      throw new UserError(
        `${path}: ${ids[index]} does not say whether it succeeded, so train.skip_failed can't leave out failures`,
      );
    }
    if (success.at(-1) === 1) candidates.push(index);
  }
  if (candidates.length === 0) throw new UserError(`${path}: no episode ends in success`);
  return candidates;
}

function chooseEpisodes(candidates: number[], { numDemos, shuffle, seed }: DemoChoice): number[] {
  const count = Math.min(numDemos ?? candidates.length, candidates.length);
  if (!shuffle) return candidates.slice(0, count);
  return namedStream(seed, 'demo-choice')
    .choose(count, candidates.length)
    .map((index) => candidates[index]);
}

function fillBuffer(
  episodes: readonly FlatEpisode[],
  actionScale: Float32Array | null,
  { observationDim, actionDim }: FlatSizes,
): ReplayBuffer {
  const capacity = episodes.reduce((sum, episode) => sum + episode.length, 0);
  const buffer = new ReplayBuffer({ capacity, numEnvs: 1, observationDim, actionDim });
  for (const { length, observations, actions, rewards, terminated } of episodes) {
    buffer.add({
      observations: observations.subarray(0, length * observationDim),
      actions: actionScale ? actions.map((value, i) => value * actionScale[i % actionDim]) : actions,
      rewards,
      nextObservations: observations.subarray(observationDim),
      terminated,
      truncated: new Uint8Array(length).fill(1, length - 1),
    });
  }
  return buffer;
}
