import {
  type ActionBounds,
  actionBounds,
  actionProblem,
  boundsProblem,
  overallRange,
  scaleOfBounds,
} from '../datasets/action_range.js';
import { withNames } from '../datasets/column.js';
import type { Dataset, DatasetTask } from '../datasets/dataset.js';
import type { Episode, EpisodeOutcome } from '../datasets/episode.js';
import { EpisodeChecks } from '../datasets/episode_checks.js';
import { wrongTotal } from '../datasets/wording.js';
import { UserError } from '../errors.js';
import { actionScaleOf } from './action_scale.js';
import { chooseEpisodes, type DemoChoice } from './demo_choice.js';
import { type DemoOutcome, type DemoSummary, demoOutcome, summariseDemos } from './demo_summary.js';
import { type FlatEpisode, type FlatSizes, flatten } from './flat_episode.js';
import { ReplayBuffer } from './replay_buffer.js';

export interface DemoOptions extends DemoChoice {
  /** The task that the data have to be of, with its sizes; null to take them as they are. */
  task: (DatasetTask & FlatSizes) | null;
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
  const chosen = await chooseEpisodes(dataset, options);
  const checks = new EpisodeChecks(head, rules);
  const episodes: (FlatEpisode & FlatSizes)[] = [];
  let first: Episode | null = null;
  for (const index of chosen.indices) {
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
    notes: [...head.notes, ...rules.notes, ...chosen.notes],
  };
  summary.notes.push(...wrongTotal('episodes', head.totals.episodes, head.ids.length));
  if (options.task && rules.rewardsAsRecorded) {
    summary.notes.push(
      `its rewards are as recorded, whether or not they are those of reward_mode ${options.rewardMode}`,
    );
  }
  const names = withNames('actions', first!.actions).map(([name]) => name);
  const actionScale = scaleOf(actionBounds(head.declared, names), summary, options);
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
  bounds: ActionBounds | null,
  summary: DemoSummary,
  { task, actionScale, dataActionScale }: DemoOptions,
): Float32Array | null {
  if (actionScale !== undefined) return actionScale;
  const { path, actionRange } = summary;
  if (dataActionScale !== null) return actionScaleOf(actionRange, dataActionScale);
  const beyond = bounds && boundsProblem(actionRange, bounds);
  if (beyond !== null) throw new UserError(`${path}: ${beyond}`);
  const [low, high] = overallRange(actionRange, bounds);
  if (task) {
    // A simulator clips what leaves the range of its actions; other ranges than its own mean something else.
    if (!bounds || (low >= -1 && high <= 1)) return null;
    throw new UserError(
      `${path}: its actions are from ${low} to ${high}; expected [-1, 1], as ${task.envId} takes them`,
    );
  }
  const problem = actionProblem(actionRange, bounds);
  if (problem !== null) throw new UserError(`${path}: ${problem}`);
  const scale = bounds && scaleOfBounds(bounds);
  if (scale) {
    summary.notes.push(`its actions are from ${low} to ${high}; the policy's, in [-1, 1], stand for these`);
  }
  return scale;
}

/** The outcome of the episodes that {@link loadDemonstrations} takes, without loading them. */
export async function chosenOutcome(dataset: Dataset, choice: DemoChoice): Promise<DemoOutcome> {
  const { indices } = await chooseEpisodes(dataset, choice);
  const outcomes: EpisodeOutcome[] = [];
  for (const index of indices) outcomes.push(await dataset.outcome(index));
  return demoOutcome(outcomes);
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
