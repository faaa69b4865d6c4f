import { setImmediate } from 'node:timers/promises';
import { UserError } from '../errors.js';
import { ActionJudge } from './action_judge.js';
import { type Column, withNames } from './column.js';
import type { Dataset } from './dataset.js';
import type { Episode } from './episode.js';
import { EpisodeChecks } from './episode_checks.js';
import { type LastStep, lastStepNotes, lastStepOf } from './last_step.js';
import { unlearnableColumns } from './learnable.js';
import { LACK_OF_REWARDS, WAYS_WITHOUT_REWARDS } from './recorded_rules.js';
import { checkStop, type Verification, type VerifyOptions } from './verification.js';
import { wrongTotal } from './wording.js';

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
  const rules = dataset.learningRules('sparse');
  const checks = new EpisodeChecks(dataset.head, rules);
  const lastSteps: LastStep[] = [];
  const withoutRewards: string[] = [];
  const unlearnable = new Set<string>();
  const actions = new ActionJudge(dataset.head);
  let read = 0;
  let steps = 0;
  for (const [index, id] of ids.entries()) {
    checkStop(path, signal);
    const whole = await readWhole(dataset, index).catch((error: unknown) => {
      if (!(error instanceof UserError)) throw error;
      return error.message.replace(`${path}: `, '');
    });
    if (typeof whole === 'string') {
      found.set(id, [whole]);
    } else {
      const { episode, columns } = whole;
      read++;
      lastSteps.push(lastStepOf(episode, rules));
      const wrong = checks.problemsOf(episode);
      for (const sentence of unlearnableColumns(episode, rules.unseen)) unlearnable.add(sentence);
      if (!episode.rewards) withoutRewards.push(id);
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
  if (withoutRewards.length < read) {
    for (const id of withoutRewards) {
      found.set(id, [...(found.get(id) ?? []), `${id} has no rewards; other episodes have`]);
    }
  }
  for (const sentence of actions.problems()) unlearnable.add(sentence);
  const isWhole = found.size === 0 && problems.length === 0;
  return {
    episodes: ids.length,
    steps,
    fileProblems: [
      ...problems,
      ...wrongTotal('episodes', totals.episodes, ids.length).map((problem) => `${path}: ${problem}`),
      // Steps that can't be read are no news once it is said what can't.
      ...(isWhole ? wrongTotal('steps', totals.steps, steps) : []).map((problem) => `${path}: ${problem}`),
    ],
    episodeProblems: found,
    notes: [
      ...notes,
      ...rules.notes,
      ...lastStepNotes(lastSteps),
      ...(withoutRewards.length > 0 ? [`${LACK_OF_REWARDS}: ${WAYS_WITHOUT_REWARDS}`] : []),
      ...[...unlearnable].map((sentence) => `no training takes it: ${sentence}`),
    ],
    facts,
  };
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
