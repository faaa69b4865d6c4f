import { resolve } from 'node:path';
import type { RewardMode } from '../../envs/env.js';
import { checkEnvironment, environmentEntry } from '../../envs/registry.js';
import { asSuccess, type SuccessMeasure } from '../../envs/success.js';
import type { DatasetRecord, EpisodeRecord } from '../datasets/formats/maniskill/json.js';
import { ManiSkillDataset } from '../datasets/formats/maniskill/reader.js';
import { UserError } from '../errors.js';
import { defaultOutputPath, videoFolderOf } from './output_paths.js';

export type ReplayObsMode = 'state' | 'none';

/** Request for a replay; the names are those of ManiSkill's `replay_trajectory`. */
export interface ReplayRequest {
  /** The `.h5` file. */
  trajPath: string;
  useEnvStates: boolean;
  useFirstEnvState: boolean;
  /** Control mode of the result; null keeps the recorded one. */
  targetControlMode: string | null;
  /** Observations that are recorded of each state; null keeps what the file has. */
  obsMode: ReplayObsMode | null;
  /** The rewards to record; null for the finest that the task has. */
  rewardMode: RewardMode | null;
  /** Keeps episodes that fail and leaves out those that can't be read, which otherwise end the replay. */
  allowFailure: boolean;
  /** Episodes that run into the time limit count as failed. */
  discardTimeout: boolean;
  maxRetry: number;
  /** The first `count` episodes; null for all. */
  count: number | null;
  /** The `.h5` file to write; null for the name that ManiSkill's tool would give it. */
  output: string | null;
  saveVideo: boolean;
  /** Frames per second of the videos. */
  videoFps: number;
}

/** The way in which the episodes of a file are replayed. Plain data: each worker thread is given a copy. */
export interface ReplayPlan {
  path: string;
  envId: string;
  maxEpisodeSteps: number;
  rewardMode: RewardMode;
  sourceControlMode: string;
  targetControlMode: string;
  obsMode: ReplayObsMode;
  /** `env_states` sets each recorded state, `actions` carries out the recorded actions. */
  method: 'env_states' | 'actions';
  /** Beginning of an episode: in its first recorded state, or as its seed says. */
  start: 'first_env_state' | 'seed';
  /** True if the episodes' seeds are of this simulator. */
  resetsBySeed: boolean;
  allowFailure: boolean;
  discardTimeout: boolean;
  /** The success that counts. */
  judgedBy: SuccessMeasure;
  maxRetry: number;
  episodes: EpisodeRecord[];
  /** Path of the dataset, if one is written; videos go beside it. */
  outputPath: string;
  /** Place and speed of the videos; null if there are to be none. */
  video: { folder: string; fps: number } | null;
}

/** A plan, with what the user should know of it and what else the file says of itself. */
export interface PlannedReplay {
  plan: ReplayPlan;
  notes: string[];
  record: DatasetRecord;
}

/**
 * Reads the dataset's json and decides how its episodes are replayed. Throws a UserError if it can't be opened, is of a
 * task or control mode that is not there, or doesn't say how its episodes begin.
 */
export async function planReplay(request: ReplayRequest): Promise<PlannedReplay> {
  const dataset = await ManiSkillDataset.open(request.trajPath, { mayLackEpisodes: request.allowFailure });
  try {
    const { record } = dataset;
    const notes: string[] = [];
    const episodes = chooseEpisodes(dataset, request.count, notes);
    const envId = record.envId ?? refuse(dataset.path, 'the json names no env_id');
    const sourceControlMode = commonControlMode(dataset.path, episodes);
    const targetControlMode = request.targetControlMode ?? sourceControlMode;
    checkModes(dataset.path, envId, sourceControlMode, targetControlMode, request.rewardMode);
    if (request.useEnvStates && targetControlMode !== sourceControlMode) {
      throw new UserError(
        `--use-env-states keeps the recorded actions, which are ${sourceControlMode}: it can't be combined with ` +
          `-c ${targetControlMode}. Leave out one of the two`,
      );
    }
    if (request.maxRetry > 0 && targetControlMode === sourceControlMode) {
      notes.push('--max-retry changes nothing: only conversions to another control mode (-c) are repeated');
    }
    const obsMode = request.obsMode ?? recordedObsMode(dataset);
    const plan: ReplayPlan = {
      path: dataset.path,
      envId,
      maxEpisodeSteps: record.maxEpisodeSteps ?? environmentEntry(envId).maxEpisodeSteps,
      rewardMode: request.rewardMode ?? environmentEntry(envId).rewardModes[0],
      sourceControlMode,
      targetControlMode,
      obsMode,
      method: request.useEnvStates ? 'env_states' : 'actions',
      start: chooseStart(dataset, episodes, request, notes),
      resetsBySeed: record.resetsBySeed,
      allowFailure: request.allowFailure,
      discardTimeout: request.discardTimeout,
      judgedBy: asSuccess(environmentEntry(envId).judgedBy),
      maxRetry: request.maxRetry,
      episodes,
      ...placesOf(request, obsMode, targetControlMode),
    };
    return { plan, notes, record };
  } finally {
    dataset.close();
  }
}

function placesOf(
  { trajPath, output, saveVideo, videoFps }: ReplayRequest,
  obsMode: ReplayObsMode,
  targetControlMode: string,
): Pick<ReplayPlan, 'outputPath' | 'video'> {
  const outputPath = output ?? defaultOutputPath(trajPath, obsMode, targetControlMode);
  if (resolve(outputPath) === resolve(trajPath)) {
    throw new UserError(`${outputPath} is the input itself; choose another place with --output`);
  }
  return { outputPath, video: saveVideo ? { folder: videoFolderOf(outputPath), fps: videoFps } : null };
}

function chooseEpisodes(
  { path, record: { episodes } }: ManiSkillDataset,
  count: number | null,
  notes: string[],
): EpisodeRecord[] {
  if (episodes.length === 0) return refuse(path, 'the json lists no episodes');
  if (count !== null && count > episodes.length) {
    notes.push(`asked for ${count} episodes, but there are only ${episodes.length}: replaying all`);
  }
  return episodes.slice(0, count ?? episodes.length);
}

function commonControlMode(path: string, episodes: readonly EpisodeRecord[]): string {
  const [mode, ...others] = new Set(episodes.map(({ controlMode }) => controlMode));
  if (others.length > 0)
    return refuse(path, `episodes of several control modes: ${[mode, ...others].join(', ')}`);
  return mode ?? refuse(path, 'the json names no control_mode');
}

function checkModes(
  path: string,
  envId: string,
  source: string,
  target: string,
  rewardMode: RewardMode | null,
): void {
  naming(path, () => checkEnvironment(envId, source));
  naming('--target-control-mode', () => checkEnvironment(envId, target));
  naming('--reward-mode', () => checkEnvironment(envId, source, rewardMode ?? undefined));
}

/** Lets an error of `check` be a UserError that says where what is wrong comes from. */
function naming(source: string, check: () => void): void {
  try {
    check();
  } catch (error) {
    throw new UserError(`${source}: ${(error as Error).message}`, { cause: error });
  }
}

function recordedObsMode({ path, record }: ManiSkillDataset): ReplayObsMode {
  const { obsMode } = record;
  if (obsMode === null || obsMode === 'state') return 'state';
  if (obsMode === 'none') return 'none';
  return refuse(path, `its obs_mode ${obsMode} is not available here; choose -o state or -o none`);
}

/** Seeds of ManiSkill give its own random numbers, which are not ours: only episodes made here begin by their seed. */
function chooseStart(
  dataset: ManiSkillDataset,
  episodes: readonly EpisodeRecord[],
  { useEnvStates, useFirstEnvState }: ReplayRequest,
  notes: string[],
): ReplayPlan['start'] {
  const hasStates = episodes.some((episode) => dataset.hasEnvStates(episode));
  if (useEnvStates || useFirstEnvState) {
    if (hasStates) return 'first_env_state';
    const flag = useEnvStates ? '--use-env-states' : '--use-first-env-state';
    return refuse(dataset.path, `no recorded states (env_states), which ${flag} needs`);
  }
  if (dataset.record.resetsBySeed) return 'seed';
  if (hasStates) {
    notes.push('the seeds are not of this simulator: episodes begin in their first recorded state');
    return 'first_env_state';
  }
  return refuse(
    dataset.path,
    'its episodes were not made here, so their seeds give other starts, and it has no recorded states (env_states) ' +
      'to begin from: record it again with states',
  );
}

function refuse(path: string, problem: string): never {
  throw new UserError(`${path}: ${problem}`);
}
