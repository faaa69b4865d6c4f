import { basename } from 'node:path';
import { measureOf, neededTask } from '../config/task.js';
import { generatorFacts, SIM_BACKEND } from '../datasets/formats/maniskill/generator.js';
import { trajectoryStats } from '../datasets/formats/maniskill/trajectory_stats.js';
import { ManiSkillWriter } from '../datasets/formats/maniskill/writer.js';
import { UserError } from '../errors.js';
import { createFolderOf } from '../files/folders.js';
import { type EpisodeSummary, summariseEpisodes } from '../rollout/episode_stats.js';
import type { LoadedCheckpoint } from '../training/checkpoints/checkpoint.js';
import { stepsText } from '../training/run_progress.js';
import { savedExperience } from './saved_experience.js';

export interface WriteExperienceOptions {
  /** The `.h5` file; its `.json` is written beside it. */
  outputPath: string;
  overwrite: boolean;
  /** Episodes to write, the newest ones; null: all. */
  numEpisodes: number | null;
}

export interface WrittenExperience {
  summary: EpisodeSummary;
  stepsLeftOut: number;
}

/**
 * Writes the experience that a checkpoint keeps as a dataset in ManiSkill's format. It has no simulator states, so that it can be
 * learnt from, and not replayed. Throws a UserError if there is none, or if the files exist or can't be written.
 */
export async function writeExperience(
  checkpoint: LoadedCheckpoint,
  { outputPath, overwrite, numEpisodes }: WriteExperienceOptions,
): Promise<WrittenExperience> {
  const { config, progress, hash, path } = checkpoint;
  const task = neededTask(config, 'writing experience');
  const { episodes, stepsLeftOut } = savedExperience(checkpoint);
  const chosen = numEpisodes === null ? episodes : episodes.slice(-numEpisodes);
  if (chosen.length === 0) throw new UserError(`${path} has no whole episode: nothing is written`);
  createFolderOf(outputPath);
  const run = config.logger.exp_name;
  const description = {
    ...task,
    maxEpisodeSteps: config.env.max_episode_steps,
    simBackend: SIM_BACKEND,
    sourceType: 'rl',
    sourceDescription: `experience of run ${run}, ${basename(path)} (${hash}) after ${stepsText(progress)}`,
    generator: {
      ...generatorFacts(),
      experience: { run, file: basename(path), sha256: hash, env_steps: progress.envSteps },
      judged_by: measureOf(config),
    },
  };
  const writer = await ManiSkillWriter.create(outputPath, description, { overwrite });
  try {
    chosen.forEach((episode, episodeId) => {
      writer.append({ ...episode, episodeId });
    });
    await writer.finish();
  } finally {
    await writer.abort();
  }
  return { summary: summariseEpisodes(chosen.map(trajectoryStats)), stepsLeftOut };
}
