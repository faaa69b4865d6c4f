import { setImmediate } from 'node:timers/promises';
import { UserError } from '../../../errors.js';
import type { Column, ColumnType } from '../../column.js';
import { Hdf5File } from '../../storage/hdf5.js';
import type { SurveyedEpisode } from '../../survey.js';
import { checkStop, isBad, type Verification, type VerifyOptions } from '../../verification.js';
import { named } from '../../wording.js';
import { FLAG_NAMES, isUsed } from './episode_arrays.js';
import { EpisodeComparison } from './episode_comparison.js';
import { type InspectedEpisode, inspectEpisode } from './inspect_episode.js';
import {
  type DatasetRecord,
  type EpisodeRecord,
  factsOf,
  isEpisodeGroup,
  listingProblems,
  metadataPath,
  mixedModesProblem,
  NO_RECORD,
  readDatasetRecord,
  unlistedEpisode,
  unsaid,
} from './json.js';
import { Oddities } from './oddities.js';
import { TaskFit } from './task_fit.js';
import { TrainingUse } from './training_use.js';

/** A dataset may do without these, but not in some of its episodes only. */
const ALL_OR_NONE = ['rewards', 'env_states'];

/**
 * Reads every episode of a ManiSkill dataset, one at a time, and collects what is wrong: all that a training or a replay
 * would refuse. Unlike them, it goes on to the end. Throws a UserError only if the `.h5` file itself can't be opened.
 */
export async function verifyManiSkill(path: string, options: VerifyOptions = {}): Promise<Verification> {
  const jsonPath = metadataPath(path);
  const file = await Hdf5File.open(path);
  try {
    const fileProblems: string[] = [];
    const groups = file.keys('');
    const record = await readDatasetRecord(jsonPath).catch((error: unknown) => {
      fileProblems.push(messageOf(error));
      return NO_RECORD;
    });
    if (record !== NO_RECORD) fileProblems.push(...listingProblems(record, groups, path, jsonPath));
    const mixed = mixedModesProblem(record);
    if (mixed !== null) fileProblems.push(`${path}: ${mixed}`);
    const fit = await TaskFit.of(record);
    try {
      return await verify(file, record, fit, fileProblems, options);
    } finally {
      fit.close();
    }
  } finally {
    file.close();
  }
}

async function verify(
  file: Hdf5File,
  record: DatasetRecord,
  fit: TaskFit,
  fileProblems: string[],
  { onEpisode, signal, look }: VerifyOptions,
): Promise<Verification> {
  const episodes = episodesOf(file, record);
  const episodeProblems = new Map<string, string[]>();
  const comparison = new EpisodeComparison(ALL_OR_NONE);
  const oddities = new Oddities(record.maxEpisodeSteps);
  const use = new TrainingUse();
  let steps = 0;
  for (const [index, entry] of episodes.entries()) {
    checkStop(file.path, signal);
    const episode = inspectEpisode(file, entry, fit);
    comparison.add({ id: episode.group, columns: usedColumns(episode), problems: episode.problems });
    for (const observer of [oddities, use]) observer.add(episode);
    look?.(surveyed(episode));
    steps += episode.length ?? 0;
    if (episode.problems.length > 0) episodeProblems.set(episode.group, episode.problems);
    onEpisode?.(index + 1, episodes.length);
    await setImmediate();
  }
  for (const { id, problem } of comparison.missing()) {
    episodeProblems.set(id, [...(episodeProblems.get(id) ?? []), problem]);
  }
  const said = record === NO_RECORD ? [] : [...unsaid(record), ...use.contradictions(record)];
  const notes = [...said, ...fit.notes, ...unreadNotes(file)];
  const facts = factsOf(record);
  const found = { episodes: episodes.length, steps, fileProblems, episodeProblems, notes, facts };
  // What is unknown here can't be converted either.
  if (fit.notes.length === 0) await judgeUse(use, file.path, record, found);
  notes.push(...oddities.notes());
  return found;
}

/** Says what a training lacks: with the command that adds it, or as a problem if none does. */
async function judgeUse(
  use: TrainingUse,
  path: string,
  record: DatasetRecord,
  found: Verification,
): Promise<void> {
  const { lack } = use;
  if (lack === null) {
    if (use.setting !== null && !isBad(found)) found.notes.push(use.setting);
  } else if (isBad(found)) {
    found.notes.push(lack);
  } else {
    try {
      found.notes.push(`${lack}; convert the file: ${await use.conversion(path, record)}`);
    } catch (error) {
      found.fileProblems.push(
        `${path}: ${lack}, and can't be replayed: ${messageOf(error).replace(`${path}: `, '')}`,
      );
    }
  }
}

/** The episodes that are in the file, in the order of their ids, with what the json says of them. */
function episodesOf(file: Hdf5File, record: DatasetRecord): EpisodeRecord[] {
  const listed = new Map(record.episodes.map((episode) => [`traj_${episode.episodeId}`, episode]));
  return file
    .keys('')
    .filter(isEpisodeGroup)
    .map((group) => listed.get(group) ?? unlistedEpisode(Number(group.slice('traj_'.length))))
    .sort((a, b) => a.episodeId - b.episodeId);
}

/** The arrays that something here reads. */
function usedColumns({ columns }: InspectedEpisode): ReadonlyMap<string, ColumnType> | null {
  return columns && new Map([...columns].filter(([name]) => isUsed(name)));
}

function surveyed({
  length,
  columns,
  actions,
  observations,
  rewards,
  outcomes,
}: InspectedEpisode): SurveyedEpisode {
  const read = new Map<string, Column | ColumnType>(columns ?? []);
  // They are told by how episodes end.
  for (const flag of FLAG_NAMES) read.delete(flag);
  if (actions) read.set('actions', { dtype: 'float32', ...actions });
  if (observations) read.set('obs', { dtype: 'float32', ...observations });
  if (rewards) read.set('rewards', { dtype: 'float32', shape: [rewards.length], data: rewards });
  return {
    length,
    columns: read,
    rewards,
    terminated: outcomes?.terminated ?? null,
    truncated: outcomes?.truncated ?? null,
    success: outcomes?.success ?? null,
  };
}

function unreadNotes(file: Hdf5File): string[] {
  const others = file.keys('').filter((name) => !isEpisodeGroup(name));
  return others.length === 0 ? [] : [`not read, as it is no traj_<id>: ${named(others)}`];
}

function messageOf(error: unknown): string {
  if (error instanceof UserError) return error.message;
  throw error;
}
