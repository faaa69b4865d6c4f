import { type File, Group } from 'h5wasm/node';
import { UserError } from '../errors.js';
import { notFinite, wrongRows } from './array_checks.js';
import { arraysIn, hdf5Message, openHdf5, readAny, readFlags } from './hdf5.js';
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
}

/** What was read of an episode; arrays go by their paths in its group. */
interface Episode {
  group: string;
  /** The number of steps; null if there are no actions. */
  length: number | null;
  /** All arrays that are there, and those that could be read. */
  names: string[];
  arrays: Map<string, { data: unknown; shape: readonly number[] }>;
  problems: string[];
}

const FLAGS = ['success', 'terminated', 'truncated'];
const PER_STEP = ['actions', 'rewards', ...FLAGS];

/**
 * Reads every array of every episode of a ManiSkill dataset and collects what is wrong: values that are not finite or
 * can't be read, arrays whose sizes don't fit, disagreements with the json. Unlike `ManiSkillDataset`, which stops at
 * the first problem, it goes on to the end. Throws a UserError only if the `.h5` file itself can't be opened.
 */
export async function verifyDataset(path: string): Promise<Verification> {
  const jsonPath = metadataPath(path);
  const file = await openHdf5(path);
  try {
    const fileProblems: string[] = [];
    const record = await readDatasetRecord(jsonPath).catch((error: unknown) => {
      fileProblems.push(problemOf(error));
      return null;
    });
    const groups = groupsOf(file);
    if (record) fileProblems.push(...listingProblems(record, groups, path, jsonPath));
    return { fileProblems, ...verifyEpisodes(file, groups, record) };
  } finally {
    file.close();
  }
}

function verifyEpisodes(
  file: File,
  groups: readonly string[],
  record: DatasetRecord | null,
): Omit<Verification, 'fileProblems'> {
  const records = new Map(record?.episodes.map((entry) => [entry.episodeId, entry]));
  const episodeProblems = new Map<string, string[]>();
  const rowShapes = new Map<string, string>();
  const ids = episodeIds(groups);
  let steps = 0;
  for (const id of ids) {
    const episode = readEpisode(file, `traj_${id}`);
    checkArrays(episode);
    checkRowShapes(episode, rowShapes);
    checkParts(episode, record?.obsMode ?? null);
    checkAgainstJson(episode, records.get(id));
    steps += episode.length ?? 0;
    if (episode.problems.length > 0) episodeProblems.set(episode.group, episode.problems);
  }
  return { episodes: ids.length, steps, episodeProblems };
}

function groupsOf(file: File): string[] {
  try {
    return file.keys();
  } catch (error) {
    throw new UserError(`${file.filename}: ${problemOf(error)}`, { cause: error });
  }
}

function episodeIds(groups: readonly string[]): number[] {
  const ids = groups.flatMap((group) => /^traj_(\d+)$/.exec(group)?.[1] ?? []);
  return ids.map(Number).sort((a, b) => a - b);
}

/** Reads what can be read; what can't is a problem and stays out of `arrays`. */
function readEpisode(file: File, group: string): Episode {
  const episode: Episode = { group, length: null, names: [], arrays: new Map(), problems: [] };
  const attempt = (read: () => void) => {
    try {
      read();
    } catch (error) {
      episode.problems.push(problemOf(error).replace(`${file.filename}: `, ''));
    }
  };
  attempt(() => {
    const entity = file.get(group);
    if (!(entity instanceof Group)) throw new UserError(`${group} is not a group`);
    for (const [name, { shape }] of arraysIn(entity)) {
      episode.names.push(name);
      // The number of steps is known even where the actions themselves can't be read.
      if (name === 'actions') episode.length = shape?.[0] ?? null;
      const read = FLAGS.includes(name) ? readFlags : readAny;
      attempt(() => episode.arrays.set(name, read(file, `${group}/${name}`)));
    }
  });
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
  if (length === null) problems.push(`${group} has no actions`);
  if (length === 0) problems.push(`${group} has no steps`);
  if (!names.includes('success') && !names.includes('terminated')) {
    problems.push(`${group} has neither success nor terminated`);
  }
  if (obsMode !== 'none' && !names.some((name) => isPartOf(name, 'obs'))) {
    problems.push(`${group} has no observations; the json says obs_mode ${obsMode ?? 'nothing'}`);
  }
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
  return error instanceof UserError ? error.message : `can't be read, damaged file? (${hdf5Message(error)})`;
}
