import { UserError } from '../errors.js';
import { notFinite, wrongRows } from './array_checks.js';
import { Hdf5File } from './hdf5.js';
import { unknownTaskNotes } from './known_task.js';
import {
  type DatasetRecord,
  type EpisodeRecord,
  listingProblems,
  metadataPath,
  readDatasetRecord,
} from './maniskill_json.js';

/** What was found in a dataset. Problems are sentences for the user; those of an episode under its group's name. */
export interface Verification {
  episodes: number;
  steps: number;
  fileProblems: string[];
  episodeProblems: Map<string, string[]>;
  /** Why it can't be used here, though it may be sound. */
  notes: string[];
}

/** What was read of an episode; arrays go by their paths in its group. */
interface Episode {
  group: string;
  /** The number of steps; null if there are no actions. */
  length: number | null;
  /** All arrays that are there, null if damage hides them; and those that could be read. */
  names: string[] | null;
  arrays: Map<string, { data: unknown; shape: readonly number[] }>;
  problems: string[];
}

const FLAGS = ['success', 'terminated', 'truncated'];
const PER_STEP = ['actions', 'rewards', ...FLAGS];
/** A dataset may do without these, but not in some of its episodes only. */
const ALL_OR_NONE = ['rewards', 'env_states'];

/**
 * Reads every array of every episode of a ManiSkill dataset and collects what is wrong: values that are not finite or
 * can't be read, arrays whose sizes don't fit, disagreements with the json. Unlike `ManiSkillDataset`, which stops at
 * the first problem, it goes on to the end. Throws a UserError only if the `.h5` file itself can't be opened.
 */
export async function verifyDataset(path: string): Promise<Verification> {
  const jsonPath = metadataPath(path);
  const file = await Hdf5File.open(path);
  try {
    const fileProblems: string[] = [];
    const record = await readDatasetRecord(jsonPath).catch((error: unknown) => {
      fileProblems.push(problemOf(error));
      return null;
    });
    const groups = file.keys('');
    if (record) fileProblems.push(...listingProblems(record, groups, path, jsonPath));
    const notes = record ? unknownTaskNotes(record) : [];
    return { fileProblems, ...verifyEpisodes(file, groups, record), notes };
  } finally {
    file.close();
  }
}

function verifyEpisodes(
  file: Hdf5File,
  groups: readonly string[],
  record: DatasetRecord | null,
): Omit<Verification, 'fileProblems' | 'notes'> {
  const records = new Map(record?.episodes.map((entry) => [entry.episodeId, entry]));
  const episodeProblems = new Map<string, string[]>();
  const rowShapes = new Map<string, string>();
  const listed = new Map<string, string[]>();
  const ids = episodeIds(groups);
  let steps = 0;
  for (const id of ids) {
    const episode = readEpisode(file, `traj_${id}`);
    checkArrays(episode);
    checkRowShapes(episode, rowShapes);
    checkParts(episode, record?.obsMode ?? null);
    checkAgainstJson(episode, records.get(id));
    steps += episode.length ?? 0;
    if (episode.names) listed.set(episode.group, episode.names);
    if (episode.problems.length > 0) episodeProblems.set(episode.group, episode.problems);
  }
  for (const [group, problem] of missingParts(listed)) {
    episodeProblems.set(group, [...(episodeProblems.get(group) ?? []), problem]);
  }
  return { episodes: ids.length, steps, episodeProblems };
}

function episodeIds(groups: readonly string[]): number[] {
  const ids = groups.flatMap((group) => /^traj_(\d+)$/.exec(group)?.[1] ?? []);
  return ids.map(Number).sort((a, b) => a - b);
}

/** Reads what can be read; what can't is a problem and stays out of `arrays`. */
function readEpisode(file: Hdf5File, group: string): Episode {
  const episode: Episode = { group, length: null, names: null, arrays: new Map(), problems: [] };
  const attempt = (read: () => void) => {
    try {
      read();
    } catch (error) {
      episode.problems.push(problemOf(error).replace(`${file.path}: `, ''));
    }
  };
  attempt(() => {
    episode.names = file.arrays(group);
  });
  for (const name of episode.names ?? []) {
    const path = `${group}/${name}`;
    attempt(() => {
      // The number of steps is known even where the actions themselves can't be read.
      if (name === 'actions') episode.length = file.shape(path)[0] ?? null;
      episode.arrays.set(name, FLAGS.includes(name) ? file.readFlags(path) : file.readNumbers(path));
    });
  }
  return episode;
}

function checkArrays({ group, length, arrays, problems }: Episode): void {
  for (const [name, { data, shape }] of arrays) {
    const rows = length === null ? null : expectedRows(name, length);
    const found = [
      rows === null ? null : wrongRows(shape, rows),
      data instanceof Float32Array ? notFinite(data, data.length / shape[0]) : null,
    ];
    for (const problem of found) if (problem !== null) problems.push(`${group}/${name} ${problem}`);
  }
}

/** How many rows an array of an episode has: one per step, or one per state; null if it may have any number. */
function expectedRows(name: string, length: number): number | null {
  if (PER_STEP.includes(name)) return length;
  return isPartOf(name, 'obs') || isPartOf(name, 'env_states') ? length + 1 : null;
}

function isPartOf(name: string, part: string): boolean {
  return name === part || name.startsWith(`${part}/`);
}

/** The rows of an array have the same shape in all episodes: `known` holds those of the episodes before. */
function checkRowShapes({ group, arrays, problems }: Episode, known: Map<string, string>): void {
  for (const [name, { shape }] of arrays) {
    const row = `[${shape.slice(1).join(', ')}]`;
    const before = known.get(name) ?? row;
    known.set(name, before);
    if (row !== before)
      problems.push(`${group}/${name} has rows of ${row}; in the episodes before ${before}`);
  }
}

function checkParts({ group, length, names, problems }: Episode, obsMode: string | null): void {
  if (names === null) return;
  if (length === null && !names.includes('actions')) problems.push(`${group} has no actions`);
  if (length === 0) problems.push(`${group} has no steps`);
  if (!names.includes('success') && !names.includes('terminated')) {
    problems.push(`${group} has neither success nor terminated`);
  }
  if (obsMode !== 'none' && !names.some((name) => isPartOf(name, 'obs'))) {
    problems.push(`${group} has no observations; the json says obs_mode ${obsMode ?? 'nothing'}`);
  }
}

/** What some episodes lack and others have; `listed` are the names of each episode's arrays. */
function missingParts(listed: ReadonlyMap<string, readonly string[]>): [group: string, problem: string][] {
  return ALL_OR_NONE.flatMap((part) => {
    const groups = [...listed.keys()];
    const lacking = groups.filter((group) => !listed.get(group)!.some((name) => isPartOf(name, part)));
    if (lacking.length === groups.length) return [];
    return lacking.map((group): [string, string] => [group, `${group} has no ${part}; other episodes have`]);
  });
}

function checkAgainstJson({ group, length, arrays, problems }: Episode, record?: EpisodeRecord): void {
  if (!record) return;
  if (length !== null && record.elapsedSteps !== null && record.elapsedSteps !== length) {
    problems.push(`${group} has ${length} actions, but the json says elapsed_steps ${record.elapsedSteps}`);
  }
  const flags = arrays.get('success')?.data;
  if (record.success === null || !(flags instanceof Uint8Array) || flags.length === 0) return;
  const succeeded = flags[flags.length - 1] === 1;
  if (succeeded !== record.success) {
    problems.push(`${group}/success ends with ${succeeded}, but the json says success ${record.success}`);
  }
}

function problemOf(error: unknown): string {
  if (error instanceof UserError) return error.message;
  throw error;
}
