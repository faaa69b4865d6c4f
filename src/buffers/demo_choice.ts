import type { RewardMode } from '../../envs/env.js';
import { MEASURE_WORDS, type SuccessMeasure, succeeds } from '../../envs/success.js';
import type { Dataset, LearningRules } from '../datasets/dataset.js';
import { UserError } from '../errors.js';
import { namedStream } from '../rng.js';
import { returnOf } from './reward_scaling.js';
import { type RewardSource, rewardRules } from './reward_source.js';

/** The choice of a dataset's episodes: of those that may be, the best, and of these so many. */
export interface DemoChoice {
  /** Number of episodes; null for all. */
  numDemos: number | null;
  /** True draws the episodes (stream `demo-choice`) instead of taking the first. */
  shuffle: boolean;
  /** Leaves out episodes that fail. */
  skipFailed: boolean;
  /** The success that counts. */
  judgedBy: SuccessMeasure;
  /** The share of the episodes that is used, those with the highest sums of rewards; 1 for all. */
  topShare: number;
  /** The rewards that count, where a recording has several. */
  rewardMode: RewardMode;
  /** The origin of the rewards; left out: the recording. */
  rewardSource?: RewardSource;
  /** The run's seed. */
  seed: number;
}

/** Episodes that were chosen, by their places in a dataset, with remarks for the user. */
export interface ChosenEpisodes {
  indices: number[];
  notes: string[];
}

/**
 * Chooses episodes of a dataset. Throws a UserError, naming the episode, if it is not known whether it succeeded, or what it
 * gained, and that matters.
 */
export async function chooseEpisodes(dataset: Dataset, choice: DemoChoice): Promise<ChosenEpisodes> {
  const { numDemos, shuffle, skipFailed, judgedBy, topShare, rewardMode, rewardSource, seed } = choice;
  const notes: string[] = [];
  let candidates = [...dataset.head.ids.keys()];
  if (skipFailed) candidates = await successful(dataset, candidates, judgedBy);
  if (topShare < 1) {
    const rules = rewardRules(dataset.learningRules(rewardMode), { rewardSource });
    const best = await highest(dataset, candidates, topShare, rules);
    notes.push(
      `train.top_share=${topShare} leaves ${best.indices.length} of ${candidates.length} episodes, whose rewards add up to ` +
        `${best.least} or more`,
    );
    candidates = best.indices;
  }
  if (numDemos !== null && candidates.length < numDemos) {
    notes.push(`asked for ${numDemos} episodes, but there are only ${candidates.length}: using all`);
  }
  const count = Math.min(numDemos ?? candidates.length, candidates.length);
  if (!shuffle) return { indices: candidates.slice(0, count), notes };
  const drawn = namedStream(seed, 'demo-choice').choose(count, candidates.length);
  return { indices: drawn.map((index) => candidates[index]), notes };
}

async function successful(
  dataset: Dataset,
  candidates: readonly number[],
  judgedBy: SuccessMeasure,
): Promise<number[]> {
  const { path, ids } = dataset.head;
  const found: number[] = [];
  for (const index of candidates) {
    const { success } = await dataset.outcome(index);
    if (!success) {
      throw new UserError(
        `${path}: ${ids[index]} does not say whether it succeeded, so train.skip_failed can't leave out failures`,
      );
    }
    if (succeeds(judgedBy, success)) found.push(index);
  }
  if (found.length === 0) throw new UserError(`${path}: no episode succeeds ${MEASURE_WORDS[judgedBy]}`);
  return found;
}

/**
 * The share of the candidates with the highest sums of rewards, at least one, in their order in the dataset, and the lowest of
 * these sums. Whole episodes are compared, as they were recorded; of equal ones the earlier counts as better.
 */
async function highest(
  dataset: Dataset,
  candidates: readonly number[],
  share: number,
  rules: LearningRules,
): Promise<{ indices: number[]; least: number }> {
  const { path, ids } = dataset.head;
  const returns = new Map<number, number>();
  for (const index of candidates) {
    const gained = returnOf(rules.rewards(await dataset.episode(index, rules.unseen)));
    if (!Number.isFinite(gained)) {
      throw new UserError(
        `${path}: the rewards of ${ids[index]} add up to ${gained}, so train.top_share can't rank it`,
      );
    }
    returns.set(index, gained);
  }
  const ranked = [...returns.keys()].sort((a, b) => returns.get(b)! - returns.get(a)! || a - b);
  const best = ranked.slice(0, Math.max(1, Math.round(share * ranked.length)));
  return {
    indices: best.toSorted((a, b) => a - b),
    least: Number(returns.get(best.at(-1)!)!.toPrecision(6)),
  };
}
