import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { UserError } from '../../../errors.js';
import { readError, systemCode } from '../../../files/problems.js';
import { checkJson, parseJsonText } from '../../checked_json.js';
import { type Metadata, metadataValue, NO_METADATA } from '../../metadata.js';

// Files in circulation lack keys or add their own: only the episodes' ids are indispensable.
const episodeSchema = z.looseObject({
  episode_id: z.int().nonnegative(),
  episode_seed: z.number().nullish().catch(null),
  control_mode: z.string().nullish(),
  elapsed_steps: z.int().nullish().catch(null),
  reset_kwargs: z
    .looseObject({ seed: z.number().nullish().catch(null) })
    .nullish()
    .catch(null),
  success: z.boolean().nullish().catch(null),
});

const metadataSchema = z.looseObject({
  env_info: z
    .looseObject({
      env_id: z.string().nullish(),
      max_episode_steps: z.int().nullish(),
      env_kwargs: z
        .looseObject({
          obs_mode: z.string().nullish(),
          control_mode: z.string().nullish(),
          reward_mode: z.string().nullish(),
        })
        .nullish(),
    })
    .nullish(),
  source_type: z.string().nullish().catch(null),
  source_desc: z.string().nullish().catch(null),
  generator: z
    .looseObject({ name: z.string().nullish(), resets_by_seed: z.boolean().nullish() })
    .nullish()
    .catch(null),
  episodes: z.array(episodeSchema),
});

/** Entry of one episode in the json; null where it says nothing. */
export interface EpisodeRecord {
  episodeId: number;
  seed: number | null;
  /** The seed that the environment was reset with, which is the episode's. */
  resetSeed: number | null;
  controlMode: string | null;
  elapsedSteps: number | null;
  success: boolean | null;
  /** All else that the entry has. */
  metadata: Metadata;
}

/** The json beside a ManiSkill `.h5` file; null where it says nothing. Episodes in the order of their ids. */
export interface DatasetRecord {
  envId: string | null;
  obsMode: string | null;
  rewardMode: string | null;
  maxEpisodeSteps: number | null;
  source: string | null;
  /** True if our environments begin an episode as recorded when they are reset with its seed. */
  resetsBySeed: boolean;
  /** All that the json has beside the list of episodes, under its names there. */
  metadata: Metadata;
  episodes: EpisodeRecord[];
}

/** The path of the json that belongs to a `.h5` file. Throws a UserError if the path has another ending. */
export function metadataPath(h5Path: string): string {
  if (!h5Path.endsWith('.h5')) {
    throw new UserError(`${h5Path}: a dataset is given by its .h5 file; its .json is found beside it`);
  }
  return `${h5Path.slice(0, -'.h5'.length)}.json`;
}

/** Reads and checks a dataset's json. Throws a UserError naming the file and key at fault. */
export async function readDatasetRecord(path: string): Promise<DatasetRecord> {
  const value = parseJsonText(path, await readText(path));
  const { env_info: info, generator, episodes, ...rest } = checkJson(path, metadataSchema, value);
  const kwargs = info?.env_kwargs;
  const ids = new Set<number>();
  for (const { episode_id } of episodes) {
    if (ids.has(episode_id)) throw new UserError(`${path}: episode_id ${episode_id} occurs twice`);
    ids.add(episode_id);
  }
  return {
    envId: info?.env_id ?? null,
    obsMode: kwargs?.obs_mode ?? null,
    rewardMode: kwargs?.reward_mode ?? null,
    maxEpisodeSteps: info?.max_episode_steps ?? null,
    source: [rest.source_type, rest.source_desc].filter(Boolean).join(': ') || null,
    // A replay of somebody else's episodes keeps their seeds, and says that they are not ours.
    resetsBySeed: generator?.name === 'rlpd' && generator.resets_by_seed !== false,
    metadata: metadataOf(value, ['episodes']),
    episodes: episodes
      .map((episode) => ({
        episodeId: episode.episode_id,
        seed: episode.episode_seed ?? null,
        resetSeed: episode.reset_kwargs?.seed ?? null,
        controlMode: episode.control_mode ?? kwargs?.control_mode ?? null,
        elapsedSteps: episode.elapsed_steps ?? null,
        success: episode.success ?? null,
        metadata: metadataOf(episode, TOLD_OF_EPISODES),
      }))
      .sort((a, b) => a.episodeId - b.episodeId),
  };
}

/** Record of an episode that the json doesn't list. */
export function unlistedEpisode(episodeId: number): EpisodeRecord {
  return {
    episodeId,
    seed: null,
    resetSeed: null,
    controlMode: null,
    elapsedSteps: null,
    success: null,
    metadata: NO_METADATA,
  };
}

/** Keys of an episode's entry that its record tells in other words. */
const TOLD_OF_EPISODES: readonly string[] = [
  'episode_id',
  'episode_seed',
  'control_mode',
  'elapsed_steps',
  'success',
];

/** The entries of a JSON object, but for some; what says nothing but the seed is left out too. */
function metadataOf(value: unknown, without: readonly string[]): Metadata {
  const entries = Object.entries(value as Record<string, unknown>).filter(([key, entry]) => {
    if (without.includes(key) || entry === null || entry === undefined) return false;
    return key !== 'reset_kwargs' || hasMoreThanSeed(entry as Record<string, unknown>);
  });
  return new Map(entries.map(([key, entry]) => [key, metadataValue(entry)]));
}

function hasMoreThanSeed(kwargs: Record<string, unknown>): boolean {
  return Object.entries(kwargs).some(
    ([key, value]) => key !== 'seed' && value !== null && Object.keys(value as object).length > 0,
  );
}

/** Record of a dataset without its json. */
export const NO_RECORD: DatasetRecord = {
  envId: null,
  obsMode: null,
  rewardMode: null,
  maxEpisodeSteps: null,
  source: null,
  resetsBySeed: false,
  metadata: NO_METADATA,
  episodes: [],
};

/** True if a group of the `.h5` file holds an episode. */
export function isEpisodeGroup(name: string): boolean {
  return /^traj_(0|[1-9]\d*)$/.test(name);
}

/** The control modes that the json names. */
export function controlModesOf({ episodes }: DatasetRecord): string[] {
  return [...new Set(episodes.flatMap(({ controlMode }) => controlMode ?? []))];
}

/** Problem that the episodes have several control modes; null if they have one, or the json names none. */
export function mixedModesProblem(record: DatasetRecord): string | null {
  const modes = controlModesOf(record);
  if (modes.length < 2) return null;
  return `episodes of several control modes: ${modes.join(', ')}; each needs a file of its own`;
}

/** Facts that the json leaves out, so that they can't be checked: one sentence for each. */
export function unsaid({ envId, episodes }: DatasetRecord): string[] {
  const notes: string[] = [];
  if (envId === null) notes.push('the json names no env_id: not checked');
  if (episodes.some(({ controlMode }) => controlMode === null)) {
    notes.push('the json names no control_mode: not checked');
  }
  return notes;
}

/** Facts about a dataset that people want to know, as far as the json says them. */
export function factsOf(record: DatasetRecord): [name: string, text: string][] {
  return [
    ['task', `${record.envId ?? 'unknown'}, horizon ${record.maxEpisodeSteps ?? 'unknown'}`],
    ['source', record.source ?? 'unknown'],
    ['control mode', controlModesOf(record).join(', ') || 'unknown'],
    ['obs mode', record.obsMode ?? 'unknown'],
    ['reward mode', record.rewardMode ?? 'unknown'],
  ];
}

/** Contradictions among the episodes of the json, and between them and the groups of the `.h5` file, in sentences. */
export function listingProblems(
  { episodes }: DatasetRecord,
  groups: readonly string[],
  h5Path: string,
  jsonPath: string,
): string[] {
  const unlisted = new Set(groups.filter(isEpisodeGroup));
  const problems: string[] = [];
  for (const { episodeId, seed, resetSeed } of episodes) {
    if (seed !== null && resetSeed !== null && seed !== resetSeed) {
      problems.push(
        `${jsonPath}: episode ${episodeId} has episode_seed ${seed}, but reset_kwargs.seed ${resetSeed}`,
      );
    }
    if (unlisted.delete(`traj_${episodeId}`)) continue;
    problems.push(`${h5Path}: no traj_${episodeId}, but ${jsonPath} lists that episode`);
  }
  for (const group of unlisted) problems.push(`${jsonPath}: ${group} of the .h5 file is not listed`);
  for (const group of groups) {
    const [, id] = /^traj_0+(\d+)$/.exec(group) ?? [];
    if (id !== undefined) problems.push(`${h5Path}: ${group} should be called traj_${id}`);
  }
  if (episodes.length === 0) problems.push(`${jsonPath}: the list of episodes is empty`);
  return problems;
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw readError(path, error);
    throw new UserError(`${path}: can't read the json that belongs to the .h5 file of the same name`, {
      cause: error,
    });
  }
}
