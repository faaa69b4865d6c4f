import type { RewardMode } from '../../envs/env.js';
import { withNames } from '../datasets/column.js';
import type { Dataset, DatasetHead, DatasetTask } from '../datasets/dataset.js';
import type { Episode, EpisodeOutcome } from '../datasets/episode.js';
import { EpisodeChecks } from '../datasets/episode_checks.js';
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
  const checks = new EpisodeChecks(head, rules);
  const episodes: (FlatEpisode & FlatSizes)[] = [];
  let first: Episode | null = null;
  for (const index of chooseEpisodes(candidates, options)) {
    const episode = await dataset.episode(index);
    first ??= episode;
    const [problem] = checks.problemsOf(episode);
    if (problem !== undefined) throw new UserError(`${head.path}: ${problem}`);
    const flat = flatten(head.path, episode, rules, first);
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
  if (options.task && rules.rewardsAsRecorded) {
    summary.notes.push(
      `its rewards are as recorded, whether or not they are those of reward_mode ${options.rewardMode}`,
    );
  }
  const actionScale = scaleOf(declaredActions(head, first!), summary, options);
  return { buffer: fillBuffer(episodes, actionScale, sizes), ...sizes, actionScale, summary };
}

/** Throws a UserError unless an episode has the sizes that `model`, in words, has. */
function checkSizes(place: string, found: FlatSizes, expected: FlatSizes, model: string): void {
  for (const [part, key] of [
    ['observations', 'observationDim'],
    ['actions', 'actionDim'],
  ] as const) {
    if (found[key] === expected[key]) continue;
    throw new UserError(`${place}: its ${part} have ${found[key]} numbers; ${model} has ${expected[key]}`);
  }
}

/** Factors by which recorded actions become those of a policy, which acts in [−1, 1] by its tanh; null leaves them. */
function scaleOf(
  declared: ActionBounds | null,
  summary: DemoSummary,
  { task, actionScale, dataActionScale }: DemoOptions,
): Float32Array | null {
  if (actionScale !== undefined) return actionScale;
  const { path, actionRange } = summary;
  if (dataActionScale !== null) return actionScaleOf(actionRange, dataActionScale);
  const { low, high } = declared ?? { low: [], high: [] };
  const beyond = actionRange.min.findIndex((min, i) => min < low[i] || actionRange.max[i] > high[i]);
  if (beyond >= 0) {
    throw new UserError(
      `${path}: number ${beyond} of its actions is from ${actionRange.min[beyond]} to ${actionRange.max[beyond]}; the ` +
        `metadata say from ${low[beyond]} to ${high[beyond]}`,
    );
  }
  const scale = declared && scaleOfBounds(declared);
  // Bounds that are infinite say nothing; what was done does.
  const lowest = Math.min(...actionRange.min, ...low.filter(Number.isFinite));
  const highest = Math.max(...actionRange.max, ...high.filter(Number.isFinite));
  const range = `from ${lowest} to ${highest}`;
  const isUnit = lowest >= -1 && highest <= 1;
  if (task) {
    // A simulator clips what leaves the range of its actions; other ranges than its own mean something else.
    if (!declared || isUnit) return null;
    throw new UserError(`${path}: its actions are ${range}; expected [-1, 1], as ${task.envId} takes them`);
  }
  if (scale) {
    summary.notes.push(`its actions are ${range}; the policy's, in [-1, 1], stand for these`);
    return scale;
  }
  if (isUnit) return null;
  throw new UserError(
    `${path}: its actions are ${range}, and a policy acts in [-1, 1]: give its task (env.env_id), or a dataset with ` +
      'actions in that range',
  );
}

/** The bounds of all numbers of an action in the order of the columns, as the dataset declares them; null where it does not. */
function declaredActions({ declared }: DatasetHead, { actions }: Episode): ActionBounds | null {
  const bounds = withNames('actions', actions).map(([name]) => declared.get(name)?.bounds ?? null);
  const known = bounds.filter((bound) => bound !== null);
  if (known.length === 0 || known.length < bounds.length) return null;
  return { low: known.flatMap(({ low }) => low), high: known.flatMap(({ high }) => high) };
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
