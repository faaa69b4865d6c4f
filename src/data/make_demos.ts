import { setImmediate } from 'node:timers/promises';
import type { Environment, RewardMode } from '../../envs/env.js';
import { EXPERT_CONTROL_MODE, EXPERT_ENV_IDS, makeExpert } from '../../envs/experts/expert.js';
import { makeEnvironment } from '../../envs/registry.js';
import { UserError } from '../errors.js';
import { createFolderOf } from '../files.js';
import { hashSeed, streamSeed } from '../rng.js';
import { type EpisodeStats, type EpisodeSummary, summariseEpisodes } from '../rollout/episode_stats.js';
import { generatorFacts, SIM_BACKEND } from './generator.js';
import { type DatasetDescription, ManiSkillWriter } from './maniskill_writer.js';
import { recordEpisode } from './record_episode.js';
import { trajectoryStats } from './trajectory_stats.js';

export interface MakeDemosOptions {
  envId: string;
  rewardMode: RewardMode;
  numEpisodes: number;
  seed: number;
  /** Standard deviation of the noise on the expert's actions. */
  actionNoise: number;
  /** Share of episodes that are spoilt on purpose, 0 to 1. */
  imperfectShare: number;
  /** Leaves out episodes that do not end in success, and goes on until there are enough others. */
  onlySuccesses: boolean;
  /** The `.h5` file; its `.json` is written beside it. */
  outputPath: string;
  overwrite: boolean;
  onProgress?: (episodes: number) => void;
  /** Aborting it ends the work with a UserError and leaves no file. */
  signal?: Pick<AbortSignal, 'aborted'>;
}

export interface MadeDemos {
  path: string;
  summary: EpisodeSummary;
  /** Episodes run, of which those kept are in the file. */
  attempts: number;
  seconds: number;
}

const MAX_ATTEMPTS_PER_EPISODE = 10;

/**
 * Lets the environment's scripted expert act and writes a dataset in ManiSkill's format. The same options give the same
 * episodes. Throws a UserError if there is no expert, on options out of range, or if the files can't be written.
 */
export async function makeDemos(options: MakeDemosOptions): Promise<MadeDemos> {
  const startedAt = performance.now();
  const { envId, rewardMode, outputPath, overwrite } = options;
  if (!EXPERT_ENV_IDS.includes(envId)) {
    throw new UserError(`no expert for the task "${envId}"; there are: ${EXPERT_ENV_IDS.join(', ')}`);
  }
  const environment = await makeEnvironment(envId, { controlMode: EXPERT_CONTROL_MODE, rewardMode });
  try {
    const description = describe(options, environment.spec.maxEpisodeSteps);
    await createFolderOf(outputPath);
    const writer = await ManiSkillWriter.create(outputPath, description, { overwrite });
    try {
      const { kept, attempts } = await recordEpisodes(environment, writer, options);
      await writer.finish();
      const seconds = (performance.now() - startedAt) / 1000;
      return { path: outputPath, summary: summariseEpisodes(kept), attempts, seconds };
    } finally {
      await writer.abort();
    }
  } finally {
    environment.close();
  }
}

async function recordEpisodes(
  environment: Environment,
  writer: ManiSkillWriter,
  options: MakeDemosOptions,
): Promise<{ kept: EpisodeStats[]; attempts: number }> {
  const { numEpisodes, seed, actionNoise, imperfectShare, onlySuccesses, onProgress, signal } = options;
  const expert = makeExpert(environment.spec, { seed, actionNoise, imperfectShare });
  const baseSeed = streamSeed(seed, 'expert');
  const kept: EpisodeStats[] = [];
  let attempts = 0;
  while (kept.length < numEpisodes) {
    if (attempts === numEpisodes * MAX_ATTEMPTS_PER_EPISODE) {
      throw new UserError(`gave up: only ${kept.length} of ${attempts} episodes ended in success`);
    }
    const episodeSeed = hashSeed(baseSeed, attempts++);
    expert.reset(episodeSeed);
    const trajectory = recordEpisode(environment, (observation, action) => expert.act(observation, action), {
      episodeId: kept.length,
      seed: episodeSeed,
    });
    const stats = trajectoryStats(trajectory);
    if (!onlySuccesses || stats.successAtEnd) {
      writer.append(trajectory);
      kept.push(stats);
    }
    onProgress?.(kept.length);
    // Lets timers and Ctrl-C have their turn.
    await setImmediate();
    if (signal?.aborted) throw new UserError(`interrupted: ${options.outputPath} was not written`);
  }
  return { kept, attempts };
}

function describe(options: MakeDemosOptions, maxEpisodeSteps: number): DatasetDescription {
  const facts = generatorFacts();
  const { envId, rewardMode, seed, actionNoise, imperfectShare, onlySuccesses } = options;
  return {
    envId,
    controlMode: EXPERT_CONTROL_MODE,
    rewardMode,
    maxEpisodeSteps,
    simBackend: SIM_BACKEND,
    sourceType: 'scripted',
    sourceDescription: `scripted expert of ${facts.name} ${facts.version}`,
    generator: {
      ...facts,
      expert: `scripted ${envId}`,
      expert_options: {
        action_noise: actionNoise,
        imperfect_share: imperfectShare,
        only_successes: onlySuccesses,
      },
      seed,
    },
  };
}
