import type { DomainRandomization, EnvironmentSpec } from '../../envs/env.js';
import type { Demonstrations } from '../buffers/demo_buffer.js';
import { ReplayBuffer } from '../buffers/replay_buffer.js';
import { plainScaling, type RewardRule, UNCHANGED } from '../buffers/reward_scaling.js';
import { SymmetricSampler } from '../buffers/symmetric_sampler.js';
import { allOrNothing, type Close, closeAll } from '../closing.js';
import { algorithmOf } from '../config/algorithm_sections.js';
import { algorithmOptions, algorithmsOf, onlineAlgorithm } from '../config/chosen_algorithm.js';
import type { Config } from '../config/schema.js';
import { measureOf, type TaskChoice, taskOf } from '../config/task.js';
import { scaleOfBounds } from '../datasets/action_range.js';
import { UserError } from '../errors.js';
import type { Agent } from '../learner/agent.js';
import { columnsReadBy, readsRewards } from '../learner/learner.js';
import { streamSeed } from '../rng.js';
import { createVectorEnvironment } from '../rollout/create_vector_env.js';
import type { VectorEnvironment } from '../rollout/vector_env.js';
import { checkColumns } from './batch_columns.js';
import type { Checkpoint, LoadedCheckpoint } from './checkpoints/checkpoint.js';
import { algorithmAt, createAgent } from './create_agent.js';
import { horizonNotes } from './dataset/horizon_notes.js';
import { loadFromPaths } from './dataset/load_from_path.js';
import { demoChoice } from './dataset/run_dataset.js';
import { createEvaluationEnvs } from './evaluation/evaluation_envs.js';
import { finishVideos, startVideos } from './evaluation/evaluation_videos.js';
import type { RunFolder } from './folder/run_folder.js';
import { Interval } from './logs/interval.js';
import { openLogs } from './logs/open_logs.js';
import { observationScaling, unscaledObservations } from './observation_scaling.js';
import { balancedSampler } from './phases/balance.js';
import { Exploration } from './phases/exploration.js';
import { rolloutBuffer } from './phases/rollouts.js';
import type { OnlineParts, Run } from './run.js';
import type { RunDisplay } from './run_display.js';
import { freshProgress, stepsOf } from './run_progress.js';
import { augmentationOf } from './task_settings.js';

/**
 * Builds all parts of a run, at its beginning. `datasetPaths` are those of its demonstrations, null without any; `startedAt` is the time, by
 * `performance.now()`, at which the run's clock began. `checkpoint` is the one that it will go on from, null for a new
 * run: its action scale, its reward scaling and its agent's state hold, and the logs begin after its steps. `onReady` is called when all else is
 * there, before the logs are opened. Rejects with nothing left at work.
 */
export function createRun(
  config: Config,
  folder: RunFolder,
  datasetPaths: readonly string[] | null,
  display: RunDisplay,
  startedAt: number,
  checkpoint: LoadedCheckpoint | null,
  onReady: () => Promise<void>,
  recordedEnvs: RecordedEnvs = (envs) => envs,
): Promise<Run> {
  return allOrNothing(async (closes) => {
    const { train, seed } = config;
    const { envs, evalEnvs } = await createEnvironments(config, closes, recordedEnvs);
    const spec = (envs ?? evalEnvs)?.spec ?? null;
    const augmentation = augmentationOf(config, spec);
    const demos = datasetPaths === null ? null : await loadDemos(config, datasetPaths, checkpoint, spec);
    demos?.summary.notes.push(...horizonNotes(demos.summary, config));
    if (demos) display.demonstrations(demos.summary);
    const agent = await createAgent(config, algorithmAt(config, checkpoint), demos ?? spec!, spec);
    closes.push(() => agent.dispose());
    checkAllColumns(config, agent, demos, envs);
    if (train.device === 'gpu') display.note(`training on the GPU, by ${agent.provider}`);
    const moments = demos?.summary ?? unscaledObservations(agent.observationDim);
    const { mean, scale } = observationScaling(config, spec, moments);
    agent.setObservationNormalisation(mean, scale);
    if (checkpoint) await restoreAgent(agent, checkpoint, demos?.summary.path ?? 'its environments');
    const { actionScale, rewardScaling } = demos ?? scalesWithoutData(config, spec!);
    const online = envs && createOnlineParts(config, envs);
    const imagined = rolloutBuffer(agent, config);
    const progress = freshProgress(config);
    const seconds = () => progress.seconds + (performance.now() - startedAt) / 1000;
    await envs?.reset();
    await onReady();
    const logger = openLogs(config, folder, checkpoint && stepsOf(checkpoint.progress), seconds, display);
    closes.push(() => logger.close(1));
    return {
      config,
      folder,
      agent,
      spec,
      online,
      data: demos?.buffer ?? null,
      imagined,
      actionScale,
      rewardScaling,
      evalEnvs,
      sampler: new SymmetricSampler({
        online: imagined ?? online?.replay ?? null,
        demos: demos?.buffer ?? null,
        parts: demos?.parts ?? null,
        discount: train.discount,
        nSteps: train.n_step,
        augmentation,
        seed,
      }),
      balanced: balancedSampler(agent, config, demos?.buffer ?? null, online?.replay ?? null, spec),
      progress,
      interval: new Interval(envs?.numEnvs ?? 0, measureOf(config)),
      logger,
      display,
      seconds,
      videos: startVideos(config, folder, display),
    };
  });
}

/**
 * Throws a UserError if the data, or the experience of the phase online, lack columns that the agent reads, or that another algorithm will
 * read there.
 */
function checkAllColumns(
  config: Config,
  agent: Agent,
  demos: Demonstrations | null,
  envs: VectorEnvironment | null,
): void {
  const episodeSteps = envs?.spec.maxEpisodeSteps ?? null;
  const online = onlineAlgorithm(config);
  const isFollowed = agent.algorithm !== online;
  checkColumns(config, agent.algorithm, agent.columns, demos, isFollowed ? null : episodeSteps);
  if (!isFollowed) return;
  const columns = columnsReadBy(algorithmOf(online), algorithmOptions(config, online));
  checkColumns(config, online, columns, demos, episodeSteps);
}

/** Throws a UserError if the data have other sizes than those that the checkpoint's agent was trained on. */
async function restoreAgent(agent: Agent, checkpoint: LoadedCheckpoint, source: string): Promise<void> {
  try {
    await agent.setState(checkpoint.agent);
  } catch (error) {
    throw new UserError(
      `${checkpoint.path} can't go on with ${source}, of ${agent.observationDim} numbers observed and ` +
        `${agent.actionDim} acted: ${(error as Error).message}`,
      { cause: error },
    );
  }
}

/**
 * Environments of a run: `envs` for experience, null without the phase online, and `evalEnvs` for evaluations, null
 * without a task.
 */
interface Environments {
  envs: VectorEnvironment | null;
  evalEnvs: VectorEnvironment | null;
}

/** Wraps the environments of the phase online, which were made with this seed. */
export type RecordedEnvs = (envs: VectorEnvironment, seed: number) => VectorEnvironment;

async function createEnvironments(
  config: Config,
  closes: Close[],
  recordedEnvs: RecordedEnvs,
): Promise<Environments> {
  const task = taskOf(config);
  if (!task) return { envs: null, evalEnvs: null };
  // These first: they are made in this thread, where the error about a package that is missing stays what it is.
  const evalEnvs = await createEvaluationEnvs(config);
  closes.push(() => evalEnvs.close());
  const envs = config.train.phases.includes('online')
    ? await createTrainingEnvs(config, task, recordedEnvs)
    : null;
  closes.push(() => envs?.close());
  return { envs, evalEnvs };
}

async function createTrainingEnvs(
  { env, seed: runSeed }: Pick<Config, 'env' | 'seed'>,
  task: TaskChoice,
  recordedEnvs: RecordedEnvs,
): Promise<VectorEnvironment> {
  const seed = streamSeed(runSeed, 'train-episodes');
  const envs = await createVectorEnvironment({
    ...task,
    maxEpisodeSteps: env.max_episode_steps,
    randomization: randomizationOf({ env }),
    numEnvs: env.num_envs,
    numWorkers: env.num_workers,
    seed,
    ignoreTerminations: true,
  });
  return recordedEnvs(envs, seed);
}

function createOnlineParts(
  { train, seed }: Pick<Config, 'train' | 'seed'>,
  envs: VectorEnvironment,
): OnlineParts {
  const { observationDim, actionDim } = envs.spec;
  const replay = new ReplayBuffer({
    capacity: train.replay_buffer_capacity,
    numEnvs: envs.numEnvs,
    observationDim,
    actionDim,
  });
  return { envs, replay, exploration: new Exploration(train, seed, envs.numEnvs, actionDim) };
}

/**
 * Completes a run's videos, closes its logs, which tell the process's exit code, and ends its threads and sessions. If one of
 * these fails, the others are done before the error is thrown.
 */
export function closeRun(run: Run, exitCode: number): Promise<void> {
  return closeAll([
    () => finishVideos(run),
    () => run.logger.close(exitCode),
    () => run.online?.envs.close(),
    () => run.evalEnvs?.close(),
    () => run.agent.dispose(),
  ]);
}

function randomizationOf({ env }: Pick<Config, 'env'>): DomainRandomization {
  const { friction, mass, latency_steps, observation_noise } = env.randomization;
  return { friction, mass, latencySteps: latency_steps, observationNoise: observation_noise };
}

/** The scales of a run that learns from experience alone. */
function scalesWithoutData(
  config: Pick<Config, 'train'>,
  { actionLow, actionHigh }: EnvironmentSpec,
): Pick<Demonstrations, 'actionScale' | 'rewardScaling'> {
  return {
    actionScale: scaleOfBounds({ low: actionLow, high: actionHigh }),
    rewardScaling: plainScaling(rewardRuleOf(config)),
  };
}

function rewardRuleOf({ train }: Pick<Config, 'train'>): RewardRule {
  return { normalize: train.normalize_rewards, scale: train.reward_scale, shift: train.reward_shift };
}

function loadDemos(
  config: Config,
  paths: readonly string[],
  checkpoint: Checkpoint | null,
  spec: EnvironmentSpec | null,
): Promise<Demonstrations> {
  const { train } = config;
  const task = spec && {
    envId: spec.envId,
    controlMode: spec.controlMode,
    observationDim: spec.observationDim,
    actionDim: spec.actionDim,
    actionBounds: { low: spec.actionLow, high: spec.actionHigh },
  };
  return loadFromPaths(paths, train.dataset_weights, {
    ...demoChoice(config),
    needsRewards: algorithmsOf(config).some((algo) =>
      readsRewards(algorithmOf(algo), algorithmOptions(config, algo)),
    ),
    task,
    dataActionScale: train.data_action_scale,
    ...(checkpoint && { actionScale: checkpoint.actionScale }),
    rewardRule: checkpoint
      ? { normalize: false, ...(checkpoint.rewardScaling ?? UNCHANGED) }
      : rewardRuleOf(config),
  });
}
