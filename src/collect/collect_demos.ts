import { basename } from 'node:path';
import type { Environment, RewardMode } from '../../envs/env.js';
import { makeEnvironment } from '../../envs/registry.js';
import { asSuccess } from '../../envs/success.js';
import { measureOf, neededTask } from '../config/task.js';
import { generatorFacts, SIM_BACKEND } from '../datasets/formats/maniskill/generator.js';
import {
  type DatasetDescription,
  ManiSkillWriter,
  type RecordedTrajectory,
} from '../datasets/formats/maniskill/writer.js';
import { UserError } from '../errors.js';
import { createFolderOf } from '../files/folders.js';
import type { LoadedCheckpoint } from '../training/checkpoints/checkpoint.js';
import { loadAgent } from '../training/checkpoints/load_policy.js';
import { stepsText } from '../training/run_progress.js';
import { type Gathered, type GatherOptions, gatherEpisodes } from './gather_episodes.js';
import { PolicyRollout } from './policy_rollout.js';

export interface CollectRequest extends Omit<GatherOptions, 'judgedBy'> {
  checkpoint: LoadedCheckpoint;
  /** The `.h5` file; its `.json` is written beside it. */
  outputPath: string;
  overwrite: boolean;
  rewardMode: RewardMode;
  seed: number;
  /** True takes the policy's most likely actions, false samples. */
  deterministic: boolean;
  /** Called with each episode that is kept, once it is run. */
  onKept?: ((trajectory: RecordedTrajectory) => void) | undefined;
}

export interface Collected extends Gathered {
  /** Seconds of acting, stepping and writing, without the time to load the policy. */
  seconds: number;
}

/**
 * Lets the policy of a checkpoint act, in its own task, and writes a dataset in ManiSkill's format. The same request
 * gives the same episodes, for any number of environments. Without episodes no file is written.
 * Throws a UserError if the checkpoint does not fit its task, or if the files exist or can't be written.
 */
export async function collectDemos(request: CollectRequest): Promise<Collected> {
  const { checkpoint } = request;
  const environments = await createEnvironments(request);
  try {
    // The policy is the same on any backend, and this one is always there.
    const { config, actionScale } = checkpoint;
    const compiled = { ...config, train: { ...config.train, backend: 'compiled' as const } };
    const agent = await loadAgent(checkpoint, compiled, environments[0].spec);
    try {
      return await write(new PolicyRollout({ ...request, environments, agent, actionScale }), request);
    } finally {
      await agent.dispose();
    }
  } finally {
    for (const environment of environments) environment.close();
  }
}

async function write(rollout: PolicyRollout, request: CollectRequest): Promise<Collected> {
  const { outputPath, overwrite } = request;
  createFolderOf(outputPath);
  const writer = await ManiSkillWriter.create(outputPath, describe(request), { overwrite });
  try {
    const startedAt = performance.now();
    const options = { ...request, judgedBy: asSuccess(measureOf(request.checkpoint.config)) };
    const keep = (episode: RecordedTrajectory) => {
      writer.append(episode);
      request.onKept?.(episode);
    };
    const gathered = await gatherEpisodes(rollout, keep, options);
    if (gathered.kept > 0) await writer.finish();
    return { ...gathered, seconds: (performance.now() - startedAt) / 1000 };
  } finally {
    await writer.abort();
  }
}

async function createEnvironments(request: CollectRequest): Promise<Environment[]> {
  const { config } = request.checkpoint;
  const { envId, controlMode } = neededTask(config, 'collecting');
  if (measureOf(config) === 'return')
    throw new UserError(`collecting writes datasets of ManiSkill's tasks, and ${envId} is none`);
  const count = Math.min(request.numEnvs, request.numEpisodes);
  const environments: Environment[] = [];
  for (let i = 0; i < count; i++) {
    environments.push(
      await makeEnvironment(envId, {
        controlMode,
        rewardMode: request.rewardMode,
        maxEpisodeSteps: config.env.max_episode_steps,
      }),
    );
  }
  return environments;
}

function describe(request: CollectRequest): DatasetDescription {
  const { checkpoint, rewardMode, deterministic, onlySuccesses, seed } = request;
  const { config, progress, hash } = checkpoint;
  const { env, logger } = config;
  const file = basename(checkpoint.path);
  const actions = deterministic ? 'most likely actions' : 'sampled actions';
  return {
    ...neededTask(config, 'collecting'),
    rewardMode,
    maxEpisodeSteps: env.max_episode_steps,
    simBackend: SIM_BACKEND,
    sourceType: 'rl',
    sourceDescription: `${actions} of run ${logger.exp_name}, ${file} (${hash}) after ${stepsText(progress)}`,
    generator: {
      ...generatorFacts(),
      checkpoint: {
        run: logger.exp_name,
        file,
        sha256: hash,
        env_steps: progress.envSteps,
        gradient_steps: progress.gradientSteps,
      },
      deterministic,
      only_successes: onlySuccesses,
      judged_by: measureOf(config),
      seed,
    },
  };
}
