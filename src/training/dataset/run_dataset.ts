import { join, resolve } from 'node:path';
import { expertEnvIds } from '../../../envs/experts/make_expert.js';
import { asSuccess } from '../../../envs/success.js';
import type { DemoChoice } from '../../buffers/demo_choice.js';
import type { Config } from '../../config/schema.js';
import { measureOf, neededTask, taskOf } from '../../config/task.js';
import { locateDataset, openDataset } from '../../datasets/registry.js';
import { makeDemos } from '../../demonstrations/make_demos.js';
import { UserError } from '../../errors.js';
import { fileExists } from '../../files/reading.js';
import type { StopSignal } from '../../stop_signal.js';
import type { RunFolder } from '../folder/run_folder.js';
import type { RunDisplay } from '../run_display.js';

/** True if a run learns from data, not from its experience alone. */
export function usesData({ train }: Pick<Config, 'train'>): boolean {
  return train.num_demos > 0;
}

/**
 * Throws a UserError if `train.dataset_path` can't be read or is of another task or control mode; or if it is not set
 * and the task has no scripted expert to fill in.
 */
export async function checkDataset(config: Config): Promise<void> {
  const { train } = config;
  const task = taskOf(config);
  if (!usesData(config)) return;
  if (train.dataset_path === null) {
    const { envId } = neededTask(config, 'making demonstrations');
    if (expertEnvIds().includes(envId)) return;
    throw new UserError(
      `train.dataset_path is not set, and ${envId} has no scripted expert to make demonstrations: give a dataset, ` +
        `or choose a task with an expert: ${expertEnvIds().join(', ')}; train.num_demos=0 learns from experience alone`,
    );
  }
  for (const path of namedDatasets(train)) {
    const dataset = await openDataset(path, task ?? undefined);
    dataset.close();
  }
}

/** The datasets that a configuration names. */
function namedDatasets({ dataset_path: given }: Pick<Config['train'], 'dataset_path'>): readonly string[] {
  if (given === null) return [];
  return typeof given === 'string' ? [given] : given;
}

/** The configuration with a `train.dataset_path` that means the same datasets in whatever folder the run goes on: paths, not ids. */
export async function withDatasetEverywhere(config: Config): Promise<Config> {
  const { train } = config;
  const { dataset_path: given } = train;
  if (given === null) return config;
  const pathOf = async (path: string) => resolve(await locateDataset(path));
  const found = typeof given === 'string' ? await pathOf(given) : await Promise.all(given.map(pathOf));
  return { ...config, train: { ...train, dataset_path: found } };
}

/** Paths of a run's demonstrations: those that the configuration names, or the file that the run makes. */
export function datasetPaths(
  { env, train }: Pick<Config, 'env' | 'train'>,
  { demosPath }: RunFolder,
): readonly string[] {
  const { control_mode: controlMode, obs_mode: obsMode } = env.env_kwargs;
  if (train.dataset_path !== null) return namedDatasets(train);
  return [join(demosPath, `trajectory.${obsMode}.${controlMode}.rapier.h5`)];
}

/** The choice of the episodes of its dataset that a run uses. */
export function demoChoice({
  env,
  train,
  seed,
  demo_seed,
}: Pick<Config, 'env' | 'train' | 'seed' | 'demo_seed'>): DemoChoice {
  return {
    numDemos: train.num_demos,
    shuffle: train.shuffle_demos,
    skipFailed: train.skip_failed,
    judgedBy: asSuccess(measureOf({ env })),
    topShare: train.top_share,
    rewardMode: env.env_kwargs.reward_mode,
    rewardSource: train.reward_source,
    seed: demo_seed ?? seed,
  };
}

/** The demonstrations' files; one is made first if the configuration names none. Null if a stop was requested meanwhile. */
export async function ensureDataset(
  config: Config,
  folder: RunFolder,
  display: RunDisplay,
  stop: StopSignal,
): Promise<readonly string[] | null> {
  const { train, demos, seed } = config;
  const paths = datasetPaths(config, folder);
  const [path] = paths;
  if (train.dataset_path !== null || (await fileExists(path))) return paths;
  display.note(
    `train.dataset_path is not set: making ${train.num_demos} demonstrations with the scripted expert`,
  );
  const bar = display.startBar('demonstrations', train.num_demos, 'episodes');
  const { rewardMode, ...task } = neededTask(config, 'making demonstrations');
  try {
    await makeDemos({
      ...task,
      rewardMode: rewardMode === 'sparse' ? null : rewardMode,
      numEpisodes: train.num_demos,
      seed: config.demo_seed ?? seed,
      actionNoise: demos.action_noise,
      imperfectShare: demos.imperfect_share,
      speed: 1,
      failedShare: null,
      holdSteps: demos.hold_steps,
      outputPath: path,
      // A run that was killed here may have left one of the two files.
      overwrite: true,
      onProgress: (done) => bar.update(done),
      signal: stop,
    });
    return paths;
  } catch (error) {
    if (stop.aborted) {
      display.note('stopped while making demonstrations: nothing to go on with yet');
      return null;
    }
    throw error;
  } finally {
    bar.stop();
  }
}
