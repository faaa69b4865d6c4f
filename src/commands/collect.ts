import { join } from 'node:path';
import { Command } from 'commander';
import type { EnvironmentSpec } from '../../envs/env.js';
import { environmentSpec } from '../../envs/registry.js';
import { asSuccess, MEASURE_WORDS } from '../../envs/success.js';
import { type Collected, type CollectRequest, collectDemos } from '../collect/collect_demos.js';
import { type CollectOptions, collectKeysHelp, parseCollectOptions } from '../collect/collect_options.js';
import { MAX_FAILURES_IN_A_ROW } from '../collect/gather_episodes.js';
import { commandText } from '../command_text.js';
import { measureOf, neededTask } from '../config/task.js';
import { repeatNotes } from '../config/words.js';
import { wholeTrajectory } from '../datasets/formats/maniskill/whole_trajectory.js';
import type { DataCollector } from '../datasets/recording/data_collector.js';
import { duration } from '../duration.js';
import { UserError } from '../errors.js';
import { checkWritable, createFolderOf } from '../files/folders.js';
import { fileExists } from '../files/reading.js';
import { shortNumber } from '../logging/tables.js';
import { startProgress } from '../progress.js';
import { INTERRUPTED_EXIT_CODE, listenForStop } from '../stop_signal.js';
import type { LoadedCheckpoint } from '../training/checkpoints/checkpoint.js';
import { loadOrOffer } from '../training/checkpoints/intact_checkpoint.js';
import { findCheckpoint, runPathOf } from '../training/checkpoints/load_policy.js';
import { stepsText } from '../training/run_progress.js';
import type { Video } from '../video/clip.js';
import { recordedVideo } from '../video/recorded_video.js';
import { path } from './arguments.js';
import { type RecordingFlags, recorded, withRecordingFlags } from './recording.js';
import { fewerClips, writeVideoWithProgress } from './video_output.js';

const CONTROL_HZ = 20;
/** Pixels of each episode's tile in the video. */
const VIDEO_TILE_SIZE = 256;

const HELP = `
Keys and their defaults:
${collectKeysHelp()}

Task, control mode and horizon are those of the checkpoint. Episodes have full
length: success does not end them. Those fail that have no success at their end,
or at any step in tasks that count that. Ctrl-C keeps the finished episodes.`;

/** The command `rlpd collect <checkpoint> [key=value …]`. */
export function collectCommand(): Command {
  const command = new Command('collect')
    .alias('collect_demos')
    .description('let a trained policy act and write the episodes as a ManiSkill dataset')
    .argument(
      '<checkpoint>',
      'a checkpoint file, such as exps/<run>/models/best_success_at_end, or a run folder',
      path,
    )
    .argument('[options...]', 'key=value, such as num_envs=8 num_episodes=1000')
    .addHelpText('after', HELP)
    .action(async (target: string, words: string[], flags: RecordingFlags) => {
      const checkpoint = await loadOrOffer(findCheckpoint(target), (intact) =>
        commandText('collect', intact),
      );
      neededTask(checkpoint.config, 'collecting');
      const options = parseCollectOptions(words, checkpoint.config);
      for (const note of repeatNotes(words)) console.log(note);
      await recorded(
        flags,
        command,
        () => recordedSpec(checkpoint, options),
        (collector) => collect(checkpoint, options, collector),
      );
    });
  return withRecordingFlags(command, 'the episodes that are kept');
}

/** The environments that the policy acts in. */
function recordedSpec({ config }: LoadedCheckpoint, { reward_mode }: CollectOptions): EnvironmentSpec {
  const { envId, controlMode, rewardMode } = neededTask(config, 'collecting');
  const maxEpisodeSteps = config.env.max_episode_steps;
  return environmentSpec(envId, { controlMode, rewardMode: reward_mode ?? rewardMode, maxEpisodeSteps });
}

async function collect(
  checkpoint: LoadedCheckpoint,
  options: CollectOptions,
  collector: DataCollector | null,
): Promise<void> {
  const { config, progress: trained } = checkpoint;
  const request: CollectRequest = {
    checkpoint,
    outputPath: outputPathOf(checkpoint, options),
    overwrite: options.overwrite,
    rewardMode: options.reward_mode ?? config.env.env_kwargs.reward_mode,
    numEnvs: options.num_envs,
    numEpisodes: options.num_episodes,
    seed: options.seed,
    deterministic: options.deterministic,
    onlySuccesses: options.only_successes,
    onKept: collector ? (trajectory) => collector.append(wholeTrajectory(trajectory)) : undefined,
  };
  const videoPath = videoPathOf(request.outputPath);
  if (options.save_video > 0 && !options.overwrite && (await fileExists(videoPath))) {
    throw new UserError(`${videoPath} exists already; choose another output, or ask to overwrite`);
  }
  if (options.save_video > 0) {
    createFolderOf(videoPath);
    checkWritable(videoPath);
  }
  console.log(`${checkpoint.path} (${checkpoint.hash}): ${config.env.env_id}, ${stepsText(trained)}`);
  const stop = listenForStop(() => {});
  const progress = startProgress({ label: 'collect', total: request.numEpisodes, unit: 'episodes' });
  const onProgress = (kept: number, successRate: number) =>
    progress.update(kept, `success ${successRate.toFixed(2)}`);
  let collected: Collected;
  try {
    collected = await collectDemos({ ...request, onProgress, signal: stop.signal });
  } finally {
    progress.stop();
    stop.release();
  }
  for (const line of report(request, collected)) console.log(line);
  process.exitCode = exitCodeOf(collected);
  if (options.save_video > 0 && collected.kept > 0 && collected.ending !== 'interrupted') {
    const video = await firstEpisodes(request.outputPath, options.save_video);
    for (const note of fewerClips(video, options.save_video)) console.log(note);
    await writeVideoWithProgress(videoPath, video);
  } else if (options.save_video > 0) {
    console.log(`${videoPath} was not written`);
  }
}

/** The video of a dataset: beside it, of the same name. */
function videoPathOf(outputPath: string): string {
  return outputPath.replace(/\.h5$/, '.mp4');
}

function firstEpisodes(path: string, count: number): Promise<Video> {
  const look = { step: null, fps: CONTROL_HZ, tileSize: VIDEO_TILE_SIZE };
  return recordedVideo({ path, episodes: { first: count }, ...look });
}

/** The dataset's path, by default the reference's, so that commands which follow find it. */
function outputPathOf({ path }: LoadedCheckpoint, { output }: CollectOptions): string {
  if (output !== null) return output;
  const run = runPathOf(path);
  if (run !== null) return join(run, 'eval_videos', 'trajectory.h5');
  throw new UserError(
    `${path} is in no run's models folder: say with output=<path>.h5 where the dataset goes`,
  );
}

function report(
  { outputPath, numEpisodes, checkpoint }: CollectRequest,
  { ending, kept, attempts, seconds }: Collected,
): string[] {
  const steps = attempts.episodes * (attempts.episode_len.mean || 0);
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const content = kept > 0 ? `${outputPath}: ${kept} episodes` : `${outputPath} was not written: no episodes`;
  const lines = [
    `${content}; ${steps} env steps in ${duration(seconds)}, ${Math.round(steps / seconds)} a second`,
  ];
  if (attempts.episodes > 0) {
    const of = attempts.episodes > kept ? `, of all ${attempts.episodes} attempts` : '';
    lines.push(
      `success at the end ${percent(attempts.success_at_end)}, at any step ${percent(attempts.success_once)}${of}`,
      `mean length ${attempts.episode_len.mean} steps, first success after ${shortNumber(attempts.first_success_step.median)} (median)`,
    );
  }
  switch (ending) {
    case 'complete':
      break;
    case 'interrupted':
      lines.unshift(`interrupted: ${kept} of ${numEpisodes} episodes are finished`);
      break;
    case 'gave up':
      lines.unshift(
        `gave up after ${MAX_FAILURES_IN_A_ROW} episodes in a row without success ` +
          `${MEASURE_WORDS[asSuccess(measureOf(checkpoint.config))]}: ${kept} of ${numEpisodes} episodes`,
      );
      break;
    default:
      ending satisfies never;
  }
  return lines;
}

function exitCodeOf({ ending }: Collected): number {
  if (ending === 'complete') return 0;
  return ending === 'interrupted' ? INTERRUPTED_EXIT_CODE : 1;
}
