import type { RewardMode } from '../../envs/env.js';
import { expertControlModes, expertEnvIds } from '../../envs/experts/make_expert.js';
import { checkEnvironment, environmentEntry, offerIds } from '../../envs/registry.js';
import { asSuccess, MEASURE_WORDS, successBy } from '../../envs/success.js';
import { generatorFacts, SIM_BACKEND } from '../datasets/formats/maniskill/generator.js';
import { trajectoryStats } from '../datasets/formats/maniskill/trajectory_stats.js';
import {
  type DatasetDescription,
  ManiSkillWriter,
  type RecordedTrajectory,
} from '../datasets/formats/maniskill/writer.js';
import { UserError } from '../errors.js';
import { createFolderOf } from '../files/folders.js';
import { type EpisodeStats, type EpisodeSummary, summariseEpisodes } from '../rollout/episode_stats.js';
import { moduleForWorkers } from '../rollout/task_module.js';
import { availableThreads } from '../runtime/thread_count.js';
import { workerEntry } from '../runtime/threads.js';
import type { StopSignal } from '../stop_signal.js';
import { performTasks } from '../threads/perform_tasks.js';
import { Demonstrator, type DemoPolicy } from './demonstrator.js';

export interface MakeDemosOptions {
  envId: string;
  /** The one who acts; left out: the task's scripted expert. What is said of the expert below has no meaning for chance. */
  policy?: DemoPolicy;
  controlMode: string;
  /** Reward mode of the recording; null for the finest that the task has. */
  rewardMode: RewardMode | null;
  numEpisodes: number;
  seed: number;
  /** Standard deviation of the noise on the expert's actions. */
  actionNoise: number;
  /** Share of episodes that are spoilt on purpose, 0 to 1. */
  imperfectShare: number;
  /** Share of its speed that the expert moves at, above 0 and up to 1. */
  speed: number;
  /**
   * Share of the file's episodes that fail, as the task is judged, 0 to 1: others are left out until there are as many of
   * both kinds. Null keeps all as they come.
   */
  failedShare: number | null;
  /** Steps that success has to hold until an episode ends; null: episodes end at the task's horizon. */
  holdSteps: number | null;
  /** Worker threads; left out: as many as there are threads, where there are enough episodes for them. */
  numWorkers?: number | undefined;
  /** The `.h5` file; its `.json` is written beside it. */
  outputPath: string;
  overwrite: boolean;
  onProgress?: (episodes: number) => void;
  /** Called with each episode that is kept, once it is run. */
  onKept?: (trajectory: RecordedTrajectory) => void;
  /** Aborting it ends the work with a UserError and leaves no file. */
  signal?: StopSignal;
}

export interface MadeDemos {
  path: string;
  summary: EpisodeSummary;
  /** Episodes run, of which those kept are in the file. */
  attempts: number;
  seconds: number;
}

const MAX_ATTEMPTS_PER_EPISODE = 10;
const MAX_WORKERS = 8;
/** A worker takes as long to start as to run about this many episodes. */
const MIN_EPISODES_PER_WORKER = 25;

/**
 * Lets the environment's scripted expert act, or chance, and writes a dataset in ManiSkill's format. The same options give the same
 * files, but for the times that HDF5 keeps, with any number of workers. Throws a UserError if there is no expert, on
 * options out of range or modes that the task does not have, if too few episodes end as wanted, or if the files can't be
 * written; and the error of a worker that ends early. None of these leaves a file.
 */
export async function makeDemos(options: MakeDemosOptions): Promise<MadeDemos> {
  const startedAt = performance.now();
  const { envId, outputPath, overwrite } = options;
  if (!expertEnvIds().includes(envId)) {
    throw new UserError(`no expert for the task "${envId}"; ${offerIds(envId, expertEnvIds())}`);
  }
  checkModes(options);
  createFolderOf(outputPath);
  const writer = await ManiSkillWriter.create(outputPath, describe(options), { overwrite });
  try {
    const { kept, attempts } = await recordEpisodes(writer, options);
    await writer.finish();
    const seconds = (performance.now() - startedAt) / 1000;
    return { path: outputPath, summary: summariseEpisodes(kept), attempts, seconds };
  } finally {
    await writer.abort();
  }
}

function checkModes(options: MakeDemosOptions): void {
  try {
    checkEnvironment(options.envId, options.controlMode, rewardModeOf(options));
  } catch (error) {
    throw new UserError((error as Error).message, { cause: error });
  }
  const { envId, controlMode } = options;
  const modes = expertControlModes(envId);
  if (options.policy === 'random' || modes.includes(controlMode)) return;
  throw new UserError(
    `the expert of ${envId} has to turn the tool, which ${controlMode} can't; it acts in: ${modes.join(', ')}`,
  );
}

function rewardModeOf({ envId, rewardMode }: MakeDemosOptions): RewardMode {
  return rewardMode ?? environmentEntry(envId).rewardModes[0];
}

async function recordEpisodes(
  writer: ManiSkillWriter,
  options: MakeDemosOptions,
): Promise<{ kept: EpisodeStats[]; attempts: number }> {
  const { numEpisodes, onProgress, signal } = options;
  const judgedBy = asSuccess(environmentEntry(options.envId).judgedBy);
  const room = wantedEpisodes(options);
  const kept: EpisodeStats[] = [];
  let attempts = 0;
  for await (const trajectory of demonstrate(options)) {
    attempts++;
    const stats = trajectoryStats(trajectory);
    const kind = successBy(judgedBy, stats) ? 'successes' : 'failures';
    if (room[kind] > 0) {
      room[kind]--;
      const numbered = { ...trajectory, episodeId: kept.length };
      writer.append(numbered);
      options.onKept?.(numbered);
      kept.push(stats);
    }
    onProgress?.(kept.length);
    if (signal?.aborted) throw new UserError(`interrupted: ${options.outputPath} was not written`);
    if (kept.length === numEpisodes) return { kept, attempts };
  }
  throw new UserError(
    `gave up after ${attempts} episodes: ${room.successes} successes and ${room.failures} failures are still missing; ` +
      `success counts ${MEASURE_WORDS[judgedBy]}`,
  );
}

/** Number of episodes of each kind that have a place in the file. */
function wantedEpisodes({
  numEpisodes,
  failedShare,
}: MakeDemosOptions): Record<'successes' | 'failures', number> {
  if (failedShare === null) return { successes: numEpisodes, failures: numEpisodes };
  const failures = Math.round(failedShare * numEpisodes);
  return { successes: numEpisodes - failures, failures };
}

/** The expert's episodes, in the order of their seeds, as many as are worth trying. */
function demonstrate(options: MakeDemosOptions): AsyncGenerator<RecordedTrajectory> {
  const { envId, controlMode, numEpisodes, failedShare, holdSteps } = options;
  const { seed, actionNoise, imperfectShare, speed } = options;
  const rewardMode = rewardModeOf(options);
  const enough = Math.floor(numEpisodes / MIN_EPISODES_PER_WORKER);
  const numWorkers = options.numWorkers ?? Math.min(availableThreads(), MAX_WORKERS, enough);
  const taskModule = numWorkers > 1 ? moduleForWorkers(envId) : null;
  const tasks = {
    count: failedShare === null ? numEpisodes : numEpisodes * MAX_ATTEMPTS_PER_EPISODE,
    plan: {
      envId,
      policy: options.policy ?? 'expert',
      taskModule,
      controlMode,
      rewardMode,
      expert: { seed, actionNoise, imperfectShare, speed },
      holdSteps,
    },
    start: Demonstrator.create,
    workerEntry: () => workerEntry(import.meta.url, 'demonstration_worker.js'),
    workerLabel: 'demonstration worker',
  };
  return performTasks(tasks, numWorkers);
}

function describe(options: MakeDemosOptions): DatasetDescription {
  const facts = generatorFacts();
  const { envId, controlMode, seed } = options;
  const isRandom = options.policy === 'random';
  return {
    envId,
    controlMode,
    rewardMode: rewardModeOf(options),
    maxEpisodeSteps: environmentEntry(envId).maxEpisodeSteps,
    simBackend: SIM_BACKEND,
    sourceType: isRandom ? 'random' : 'scripted',
    sourceDescription: `${isRandom ? 'random actions' : 'scripted expert'} of ${facts.name} ${facts.version}`,
    generator: {
      ...facts,
      ...(isRandom ? randomFacts(options) : expertFacts(options)),
      judged_by: environmentEntry(envId).judgedBy,
      seed,
    },
  };
}

function expertFacts(options: MakeDemosOptions): Record<string, unknown> {
  const { envId, actionNoise, imperfectShare, speed, failedShare, holdSteps } = options;
  return {
    expert: `scripted ${envId}`,
    expert_options: {
      action_noise: actionNoise,
      imperfect_share: imperfectShare,
      speed,
      failed_share: failedShare,
      hold_steps: holdSteps,
    },
  };
}

function randomFacts({ failedShare, holdSteps }: MakeDemosOptions): Record<string, unknown> {
  return {
    policy: 'uniformly random actions',
    policy_options: { failed_share: failedShare, hold_steps: holdSteps },
  };
}
