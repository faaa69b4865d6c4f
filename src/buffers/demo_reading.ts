import { type ActionBounds, actionBounds } from '../datasets/action_range.js';
import { type Columns, withNames } from '../datasets/column.js';
import type { Dataset, DatasetTask, LearningRules } from '../datasets/dataset.js';
import type { Episode } from '../datasets/episode.js';
import { EpisodeChecks } from '../datasets/episode_checks.js';
import { lastStepNotes } from '../datasets/last_step.js';
import { LACK_OF_REWARDS } from '../datasets/recorded_rules.js';
import { named, wrongTotal } from '../datasets/wording.js';
import { UserError } from '../errors.js';
import type { actionScaleOf } from './action_scale.js';
import { type ChosenEpisodes, chooseEpisodes, type DemoChoice } from './demo_choice.js';
import { type FlatEpisode, type FlatSizes, flatten } from './flat_episode.js';
import type { RewardRule } from './reward_scaling.js';
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
  /** The scale of a run that goes on, as `Demonstrations` has it: then the recorded actions have no say in it. */
  actionScale?: Float32Array | null;
  /** See {@link rewardScalingOf}; left out: rewards stay as they are. */
  rewardRule?: RewardRule;
}

/** The chosen episodes of a dataset as a learner takes them, and what is known of them. */
export interface ReadDemonstrations extends FlatSizes {
  path: string;
  episodes: readonly FlatEpisode[];
  /** Episodes in the files, whether used or not. */
  available: number;
  /** The columns that observations and actions are made of, by their full names, in this order. */
  layout: readonly string[];
  /** The bounds that the metadata declare for the actions; null if they don't. */
  actionBounds: ActionBounds | null;
  notes: readonly string[];
}

/** The number of steps that are learnt from. */
export function transitionsOf({ episodes }: Pick<ReadDemonstrations, 'episodes'>): number {
  return episodes.reduce((sum, episode) => sum + episode.length, 0);
}

/**
 * Reads the chosen episodes of a dataset. They have to be laid out as those of `before`, a dataset that is learnt from too, are: columns
 * of the same names are put into its order. Throws a UserError as `loadDemonstrations` does.
 */
export async function readDemonstrations(
  dataset: Dataset,
  options: DemoOptions,
  before: ReadDemonstrations | null,
): Promise<ReadDemonstrations> {
  const { head } = dataset;
  if (head.problems.length > 0) throw new UserError(head.problems[0]);
  const rules = rewardRules(dataset.learningRules(options.rewardMode), options);
  const chosen = await chooseEpisodes(dataset, options);
  const read = await readEpisodes(dataset, chosen.indices, rules, options, before);
  const { episodes, model, lackRewards } = read;
  const { observationDim, actionDim } = options.task ?? episodes[0];
  const layout = layoutOf(model);
  const lastSteps = episodes.map(({ lastStep }) => lastStep);
  const notes = [...head.notes, ...rules.notes, ...lastStepNotes(lastSteps), ...chosen.notes];
  if (lackRewards) notes.push(`${LACK_OF_REWARDS}: its actions are imitated, whatever came of them`);
  notes.push(...wrongTotal('episodes', head.totals.episodes, head.ids.length));
  if (options.task && rules.rewardsAsRecorded) {
    notes.push(
      `its rewards are as recorded, whether or not they are those of reward_mode ${options.rewardMode}`,
    );
  }
  if (before && before.layout.join() !== layout.join()) {
    notes.push(`its ${layout.join(', ')} are taken for ${before.layout.join(', ')} of ${before.path}`);
  }
  if (transitionsOf({ episodes }) === 0) {
    throw new UserError(`${head.path}: there is no step to learn from: ${notes.join('; ')}`);
  }
  return {
    path: head.path,
    episodes,
    available: head.ids.length,
    observationDim,
    actionDim,
    layout,
    actionBounds: actionBounds(
      head.declared,
      withNames('actions', model.actions).map(([name]) => name),
    ),
    notes,
  };
}

/** Chosen episodes, in the order of the choice, and the one by whose columns all are laid out. */
async function readEpisodes(
  dataset: Dataset,
  chosen: ChosenEpisodes['indices'],
  rules: LearningRules,
  { task, rewardSource }: Pick<DemoOptions, 'task' | 'rewardSource'>,
  before: ReadDemonstrations | null,
): Promise<{ episodes: (FlatEpisode & FlatSizes)[]; model: Model; lackRewards: boolean }> {
  const { head } = dataset;
  const checks = new EpisodeChecks(head, rules);
  const read = new Map<number, FlatEpisode & FlatSizes>();
  let model: Model | null = null;
  let sizes: FlatSizes | null = task ?? before;
  const owner = task?.envId ?? before?.path ?? 'the first episode';
  let lackRewards = false;
  // In the order of the files: formats read several episodes at a time.
  for (const index of chosen.toSorted((a, b) => a - b)) {
    const recorded = await dataset.episode(index, rules.unseen);
    const episode = endedEpisode(head.path, recorded, { rewardSource });
    if (episode.observations.size === 0) throw nothingSeen(head.path, rules);
    const [problem] = checks.problemsOf(episode);
    if (problem !== undefined) throw new UserError(`${head.path}: ${problem}`);
    model ??= modelOf(episode, before);
    lackRewards ||= rules.rewardsAsRecorded && episode.rewards === null;
    const flat = flatten(head.path, episode, rules, model);
    sizes ??= flat;
    checkSizes(`${head.path}: ${head.ids[index]}`, flat, sizes, owner);
    read.set(index, flat);
  }
  return { episodes: chosen.map((index) => read.get(index)!), model: model!, lackRewards };
}

/** The columns by which the episodes of a dataset are laid out. */
type Model = Pick<Episode, 'observations' | 'actions'>;

/** The columns of a dataset's first episode, in the order of another dataset if that has the same. */
function modelOf({ observations, actions }: Model, before: ReadDemonstrations | null): Model {
  return {
    observations: arranged('observations', observations, before),
    actions: arranged('actions', actions, before),
  };
}

function arranged(part: string, columns: Columns, before: ReadDemonstrations | null): Columns {
  const known = new Map(withNames(part, columns).map(([name], i) => [name, [...columns][i]]));
  const order = before?.layout.filter((name) => name === part || name.startsWith(`${part}/`)) ?? [];
  const isSame = order.length === known.size && order.every((name) => known.has(name));
  return isSame ? new Map(order.map((name) => known.get(name)!)) : columns;
}

function layoutOf({ observations, actions }: Model): string[] {
  return [...withNames('observations', observations), ...withNames('actions', actions)].map(([name]) => name);
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
