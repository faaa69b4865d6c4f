import type { DomainRandomization, EnvironmentSpec } from '../../envs/env.js';
import { rlpd } from '../algorithms/rlpd.js';
import type { Config } from '../config/schema.js';
import { Augmentation } from '../data/augmentation.js';
import { type Demonstrations, loadDemonstrations } from '../data/demo_buffer.js';
import { ReplayBuffer } from '../data/replay_buffer.js';
import { SymmetricSampler } from '../data/symmetric_sampler.js';
import { hasUnitActions } from '../data/task_fit.js';
import { UserError } from '../errors.js';
import type { Agent } from '../learner/agent.js';
import { createLearner } from '../learner/learner.js';
import { streamSeed } from '../rng.js';
import { createVectorEnvironment } from '../rollout/create_vector_env.js';
import type { VectorEnvironment } from '../rollout/vector_env.js';
import type { Checkpoint } from './checkpoint.js';
import { demoChoice } from './dataset.js';
import { createEvaluationEnvs } from './evaluation_envs.js';
import { finishVideos, startVideos } from './evaluation_videos.js';
import { Exploration } from './exploration.js';
import { Interval } from './interval.js';
import { openLogs } from './logs.js';
import { observationScaling } from './observation_scaling.js';
import type { Run } from './run.js';
import type { RunDisplay } from './run_display.js';
import type { RunFolder } from './run_folder.js';
import { freshProgress } from './run_progress.js';

/**
 * Builds all parts of a run, at its beginning. `datasetPath` is where its demonstrations are; `startedAt`, by
 * `performance.now()`, is when the run's clock began. `checkpoint` is the one that it will go on from, null for a new run:
 * its action scale holds, and the logs begin after its env steps.
 */
export async function createRun(
  config: Config,
  folder: RunFolder,
  datasetPath: string,
  display: RunDisplay,
  startedAt: number,
  checkpoint: Checkpoint | null,
): Promise<Run> {
  const { env, seed } = config;
  const envs = await createVectorEnvironment({
    envId: env.env_id,
    controlMode: env.env_kwargs.control_mode,
    rewardMode: env.env_kwargs.reward_mode,
    maxEpisodeSteps: env.max_episode_steps,
    randomization: randomizationOf(config),
    numEnvs: env.num_envs,
    numWorkers: env.num_workers,
    seed: streamSeed(seed, 'train-episodes'),
    ignoreTerminations: true,
  });
  try {
    return await completeRun(config, folder, datasetPath, display, startedAt, checkpoint, envs);
  } catch (error) {
    await envs.close();
    throw error;
  }
}

async function completeRun(
  config: Config,
  folder: RunFolder,
  datasetPath: string,
  display: RunDisplay,
  startedAt: number,
  checkpoint: Checkpoint | null,
  envs: VectorEnvironment,
): Promise<Run> {
  const { env, sac, train, seed } = config;
  const { observationDim, actionDim } = envs.spec;
  checkActionBounds(envs.spec);
  const augmentation = augmentationOf(config, envs.spec);
  const demos = await loadDemos(config, datasetPath, checkpoint, envs.spec);
  display.demonstrations(demos.summary);
  const agent = await createAgent(config, observationDim, actionDim);
  if (train.device === 'gpu') display.note(`training on the GPU, by ${agent.provider}`);
  const { mean, scale } = observationScaling(config, envs.spec, demos.summary);
  agent.setObservationNormalisation(mean, scale);
  const replay = new ReplayBuffer({
    capacity: sac.replay_buffer_capacity,
    numEnvs: env.num_envs,
    observationDim,
    actionDim,
  });
  const progress = freshProgress(config);
  const seconds = () => progress.seconds + (performance.now() - startedAt) / 1000;
  await envs.reset();
  const evalEnvs = await createEvaluationEnvs(config);
  return {
    config,
    folder,
    agent,
    envs,
    actionScale: demos.actionScale,
    evalEnvs,
    replay,
    sampler: new SymmetricSampler({
      online: replay,
      demos: demos.buffer,
      discount: sac.discount,
      nSteps: sac.n_step,
      augmentation,
      seed,
    }),
    exploration: new Exploration(config, actionDim),
    progress,
    interval: new Interval(env.num_envs),
    logger: openLogs(config, folder, checkpoint?.progress.envSteps ?? null, seconds, display),
    display,
    seconds,
    videos: startVideos(config, folder, display),
  };
}

/** Completes a run's videos, ends its threads and sessions, and closes its logs, which tell the process's exit code. */
export async function closeRun(run: Run, exitCode: number): Promise<void> {
  await finishVideos(run);
  await run.logger.close(exitCode);
  await run.envs.close();
  await run.evalEnvs.close();
  await run.agent.dispose();
}

/** The agent that a configuration describes, untrained. */
export function createAgent(
  config: Config,
  observationDim: number,
  actionDim: number,
  threads: number | null = null,
): Promise<Agent> {
  const { sac, network, train, seed } = config;
  const options = {
    actorFeatures: network.actor.arch_cfg.features,
    actorLayerNorm: network.actor.arch_cfg.use_layer_norm,
    logStdMin: sac.log_std_min,
    criticFeatures: network.critic.arch_cfg.features,
    criticLayerNorm: network.critic.arch_cfg.use_layer_norm,
    numQs: sac.num_qs,
    numMinQs: sac.num_min_qs,
    tau: sac.tau,
    actorTau: sac.actor_tau,
    backupEntropy: sac.backup_entropy,
    targetEntropy: sac.target_entropy,
    initialTemperature: sac.initial_temperature,
    learnableTemperature: sac.learnable_temp,
    actorLearningRate: train.actor_lr,
    criticLearningRate: train.critic_lr,
    temperatureLearningRate: train.temp_lr,
    actorUpdateFreq: sac.actor_update_freq,
    bcWeight: sac.bc_weight,
  };
  const sizes = { observationDim, actionDim, batchSize: sac.batch_size };
  return createLearner(rlpd, options, sizes, { seed, backend: train.backend, device: train.device, threads });
}

function randomizationOf({ env }: Config): DomainRandomization {
  const { friction, mass, latency_steps, observation_noise } = env.randomization;
  return { friction, mass, latencySteps: latency_steps, observationNoise: observation_noise };
}

function loadDemos(
  config: Config,
  path: string,
  checkpoint: Checkpoint | null,
  { observationDim, actionDim }: EnvironmentSpec,
): Promise<Demonstrations> {
  const { env, train } = config;
  return loadDemonstrations({
    ...demoChoice(config),
    path,
    envId: env.env_id,
    controlMode: env.env_kwargs.control_mode,
    observationDim,
    actionDim,
    rewardMode: env.env_kwargs.reward_mode,
    dataActionScale: train.data_action_scale,
    ...(checkpoint && { actionScale: checkpoint.actionScale }),
  });
}

/** Null if the configuration asks for none. Throws a UserError if that is not possible in the environment. */
function augmentationOf({ sac, train }: Config, spec: EnvironmentSpec): Augmentation | null {
  const stretchedActions = train.data_action_scale !== null;
  const options = { mirror: sac.augment_mirror, turnRadians: sac.augment_turn, stretchedActions };
  if (!options.mirror && options.turnRadians === 0) return null;
  try {
    return new Augmentation(spec, options);
  } catch (error) {
    const message = `sac.augment_mirror, sac.augment_turn: ${(error as Error).message}`;
    throw new UserError(message, { cause: error });
  }
}

/** A tanh policy and uniform exploration act in [−1, 1]. */
function checkActionBounds(spec: EnvironmentSpec): void {
  if (hasUnitActions(spec)) return;
  throw new UserError(
    `env.env_kwargs.control_mode=${spec.controlMode} takes joint positions, and a policy acts in [-1, 1]: ` +
      'train in pd_joint_delta_pos, pd_ee_delta_pos or pd_ee_delta_pose',
  );
}
