import { setImmediate } from 'node:timers/promises';
import { UserError } from '../errors.js';
import { ActionJudge } from './action_judge.js';
import { type Column, type ColumnType, withNames } from './column.js';
import type { Dataset } from './dataset.js';
import type { Episode } from './episode.js';
import { EpisodeChecks } from './episode_checks.js';
import { EpisodeComparison } from './episode_comparison.js';
import { unlearnableColumns } from './learnable.js';
import { checkStop, type Verification, type VerifyOptions } from './verification.js';

/**
 * Reads every episode of a dataset, one at a time, and collects what is wrong with it: all that a training would refuse, and
 * what is damaged beside it. What no training takes, though it is sound, becomes a note.
 */
export async function verifyEpisodes(
  dataset: Dataset,
  { onEpisode, signal, look }: VerifyOptions = {},
): Promise<Verification> {
  const { path, ids, totals, problems, notes, facts } = dataset.head;
  const found = new Map<string, string[]>();
  const checks = new EpisodeChecks(dataset.head, dataset.learningRules('sparse'));
  const comparison = new EpisodeComparison(['rewards']);
  const unlearnable = new Set<string>();
  const actions = new ActionJudge(dataset.head);
  let steps = 0;
  for (const [index, id] of ids.entries()) {
    checkStop(path, signal);
    const read = await readWhole(dataset, index).catch((error: unknown) => {
      if (!(error instanceof UserError)) throw error;
      return error.message.replace(`${path}: `, '');
    });
    if (typeof read === 'string') {
      found.set(id, [read]);
    } else {
      const { episode, columns } = read;
      const wrong = checks.problemsOf(episode);
      for (const sentence of unlearnableColumns(episode)) unlearnable.add(sentence);
      if (!episode.rewards) unlearnable.add('it has no rewards');
      comparison.add({ id, columns: rewardsOf(episode), problems: wrong });
      if (wrong.length > 0) found.set(id, wrong);
      else actions.add(episode);
      steps += episode.length;
      look?.({
        ...episode,
        columns,
        rewards: episode.rewards && Float64Array.from(episode.rewards.data, Number),
      });
    }
    onEpisode?.(index + 1, ids.length);
    await setImmediate();
  }
  for (const { id, problem } of comparison.missing()) found.set(id, [...(found.get(id) ?? []), problem]);
  for (const sentence of actions.problems()) unlearnable.add(sentence);
  const isWhole = found.size === 0 && problems.length === 0;
  return {
    episodes: ids.length,
    steps,
    fileProblems: [
      ...problems,
      ...wrongTotal(path, 'episodes', totals.episodes, ids.length),
      // Steps that can't be read are no news once it is said what can't.
      ...(isWhole ? wrongTotal(path, 'steps', totals.steps, steps) : []),
    ],
    episodeProblems: found,
    notes: [...notes, ...[...unlearnable].map((sentence) => `no training takes it: ${sentence}`)],
    facts,
  };
}

/** The rewards' column, if any, as every episode has it: a number a step is the same as a row of one. */
function rewardsOf({ rewards, length }: Episode): ReadonlyMap<string, ColumnType> {
  return new Map(rewards ? [['rewards', { dtype: rewards.dtype, shape: [length] }]] : []);
}

async function readWhole(
  dataset: Dataset,
  index: number,
): Promise<{ episode: Episode; columns: ReadonlyMap<string, Column> }> {
  const episode = await dataset.episode(index);
  const { observations, actions, rewards } = episode;
  const columns = new Map<string, Column>([
    ...withNames('observations', observations),
    ...withNames('actions', actions),
    ...(rewards ? withNames('rewards', new Map([['', rewards]])) : []),
    ...(await episode.extras()),
  ]);
  return { episode, columns };
}

function wrongTotal(path: string, what: string, said: number | null, found: number): string[] {
  if (said === null || said === found) return [];
  return [`${path}: the metadata say ${said} ${what}; there are ${found}`];
}
