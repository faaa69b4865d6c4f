import { type ActionBounds, actionBounds } from '../datasets/action_range.js';
import { withNames } from '../datasets/column.js';
import type { Dataset, DatasetTask, LearningRules } from '../datasets/dataset.js';
import type { Episode, EpisodeOutcome } from '../datasets/episode.js';
import { EpisodeChecks } from '../datasets/episode_checks.js';
import { lastStepNotes } from '../datasets/last_step.js';
import { LACK_OF_REWARDS } from '../datasets/recorded_rules.js';
import { named, wrongTotal } from '../datasets/wording.js';
import { UserError } from '../errors.js';
import { type actionScaleOf, policyActionScale } from './action_scale.js';
import { type ChosenEpisodes, chooseEpisodes, type DemoChoice } from './demo_choice.js';
import {
  constantNotes,
  type DemoOutcome,
  type DemoSummary,
  demoOutcome,
  summariseDemos,
} from './demo_summary.js';
import { type FlatEpisode, type FlatSizes, flatten } from './flat_episode.js';
import { ReplayBuffer } from './replay_buffer.js';
import {
  type RewardRule,
  type RewardScaling,
  rewardNote,
  rewardScalingOf,
  scaleRewards,
} from './reward_scaling.js';
import { endedEpisode, rewardRules } from './reward_source.js';

/** A task that data have to be of, with its sizes and the bounds of its actions, [−1, 1] if left out. */
export type DemoTask = DatasetTask & FlatSizes & { actionBounds?: ActionBounds };

export interface DemoOptions extends DemoChoice {
  /** False takes data without rewards too, for who imitates; left out: true. */
  needsRewards?: boolean;
  /** The task that the data have to be of; null to take them as they are. */
  task: DemoTask | null;
  /** See {@link actionScaleOf}; null leaves the actions as they are. */
  dataActionScale: number | null;
  /** The scale of a run that goes on, as {@link Demonstrations} has it: then the recorded actions have no say in it. */
  actionScale?: Float32Array | null;
  /** See {@link rewardScalingOf}; left out: rewards stay as they are. */
  rewardRule?: RewardRule;
}

export interface Demonstrations {
  buffer: ReplayBuffer;
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
  const { head } = dataset;
  if (head.problems.length > 0) throw new UserError(head.problems[0]);
  const rules = rewardRules(dataset.learningRules(options.rewardMode), options);
  const chosen = await chooseEpisodes(dataset, options);
  const { episodes, actionNames, lackRewards } = await readEpisodes(dataset, chosen.indices, rules, options);
  const { observationDim, actionDim } = options.task ?? episodes[0];
  const sizes = { observationDim, actionDim };
  const lastSteps = episodes.map(({ lastStep }) => lastStep);
  const notes = [...head.notes, ...rules.notes, ...lastStepNotes(lastSteps), ...chosen.notes];
  if (lackRewards) notes.push(`${LACK_OF_REWARDS}: its actions are imitated, whatever came of them`);
  notes.push(...wrongTotal('episodes', head.totals.episodes, head.ids.length));
  if (options.task && rules.rewardsAsRecorded) {
    notes.push(
      `its rewards are as recorded, whether or not they are those of reward_mode ${options.rewardMode}`,
    );
  }
  const summary = summariseDemos(episodes, sizes, options.judgedBy);
  if (summary.transitions === 0) {
    throw new UserError(`${head.path}: there is no step to learn from: ${notes.join('; ')}`);
  }
  notes.push(...constantNotes(summary.observationRange));
  const declared = actionBounds(head.declared, actionNames);
  const { scale: actionScale, note } =
    options.actionScale === undefined
      ? policyActionScale(head.path, summary.actionRange, declared, options)
      : { scale: options.actionScale, note: null };
  if (note !== null) notes.push(note);
  const returns = episodes.map((episode) => episode.return);
  const rewardScaling = options.rewardRule ? rewardScalingOf(head.path, options.rewardRule, returns) : null;
  if (rewardScaling) notes.push(rewardNote(rewardScaling, returns));
  return {
    buffer: fillBuffer(episodes, actionScale, rewardScaling, sizes),
    ...sizes,
    actionScale,
    rewardScaling,
    summary: { path: head.path, available: head.ids.length, ...summary, notes },
  };
}

/** Chosen episodes, in the order of the choice. */
async function readEpisodes(
  dataset: Dataset,
  chosen: ChosenEpisodes['indices'],
  rules: LearningRules,
  options: Pick<DemoOptions, 'task' | 'rewardSource'>,
): Promise<{ episodes: (FlatEpisode & FlatSizes)[]; actionNames: string[]; lackRewards: boolean }> {
  const { head } = dataset;
  const { task } = options;
  const checks = new EpisodeChecks(head, rules);
  const read = new Map<number, FlatEpisode & FlatSizes>();
  let first: Episode | null = null;
  let model: FlatSizes | null = task;
  let lackRewards = false;
  // In the order of the files: formats read several episodes at a time.
  for (const index of chosen.toSorted((a, b) => a - b)) {
    const recorded = await dataset.episode(index, rules.unseen);
    const episode = endedEpisode(head.path, recorded, options);
    if (episode.observations.size === 0) throw nothingSeen(head.path, rules);
    const [problem] = checks.problemsOf(episode);
    if (problem !== undefined) throw new UserError(`${head.path}: ${problem}`);
    first ??= episode;
    lackRewards ||= rules.rewardsAsRecorded && episode.rewards === null;
    const flat = flatten(head.path, episode, rules, first);
    model ??= flat;
    checkSizes(`${head.path}: ${head.ids[index]}`, flat, model, task?.envId ?? 'the first episode');
    read.set(index, flat);
  }
  return {
    episodes: chosen.map((index) => read.get(index)!),
    actionNames: withNames('actions', first!.actions).map(([name]) => name),
    lackRewards,
  };
}

function nothingSeen(path: string, { unseen = new Set() }: LearningRules): UserError {
  const found =
    unseen.size > 0 ? `its observations are ${named([...unseen])} alone` : 'it has no observations';
  return new UserError(`${path}: ${found}, and a network here needs one of numbers`);
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
