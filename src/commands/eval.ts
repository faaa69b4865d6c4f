import { dirname, join } from 'node:path';
import { Command, Option } from 'commander';
import type { EnvironmentSpec } from '../../envs/env.js';
import { commandText } from '../command_text.js';
import { isKeyIn } from '../config/flatten.js';
import { checkKeyUse, EVALUATION, keyOf } from '../config/key_use.js';
import { changedConfig } from '../config/load.js';
import { keyFromReference } from '../config/reference_layout.js';
import type { Config } from '../config/schema.js';
import { measureOf, normalizedReturn, taskSpecOf } from '../config/task.js';
import { repeatNotes } from '../config/words.js';
import { printResult } from '../console.js';
import type { DataCollector } from '../datasets/recording/data_collector.js';
import { duration } from '../duration.js';
import { UserError } from '../errors.js';
import { namedScore, summaryTable } from '../logging/tables.js';
import { evaluate } from '../rollout/evaluate.js';
import type { LoadedCheckpoint } from '../training/checkpoints/checkpoint.js';
import { loadOrOffer } from '../training/checkpoints/intact_checkpoint.js';
import { findCheckpoint, loadAgent, runPathOf } from '../training/checkpoints/load_policy.js';
import { greedyPolicy } from '../training/evaluation/evaluation.js';
import {
  createEvaluationEnvs,
  evaluationEpisodes,
  evaluationSeed,
} from '../training/evaluation/evaluation_envs.js';
import { evaluationVideo } from '../training/evaluation/evaluation_videos.js';
import { stepsText } from '../training/run_progress.js';
import { simulateVideo } from '../video/simulated_video.js';
import { isStill } from '../video/write_video.js';
import { path } from './arguments.js';
import { idleFlags } from './idle_flags.js';
import { type RecordingFlags, recorded, withRecordingFlags } from './recording.js';
import { checkVideoOutput, fewerClips, writeVideoWithProgress } from './video_output.js';

interface Flags extends RecordingFlags {
  saveVideo?: string;
  create_video?: string | true;
  overwrite: boolean;
}

const HELP = `
Keys that an evaluation takes:
${EVALUATION.taken.map((key) => `  ${key}`).join('\n')}`;

/** The command `rlpd eval <run or checkpoint> [key=value …] [--save-video x.mp4]`. */
export function evalCommand(): Command {
  const command = new Command('eval')
    .description('evaluate a trained policy on fixed episodes of full length')
    .argument('<run>', 'a run folder (its latest checkpoint is taken) or a checkpoint file', path)
    .argument('[overrides...]', 'key=value, such as train.eval_episodes=200 or eval_env.seed=7')
    .option(
      '--save-video <path>',
      'show the first eval.num_videos episodes: .mp4, .gif, or .png for their end',
      path,
    )
    .addOption(
      new Option('--create_video [path]', 'the same as --save-video; without a path, eval.mp4 in the run')
        .argParser(path)
        .conflicts('saveVideo'),
    )
    .option('--overwrite', 'replace a video that exists', false)
    .addHelpText('after', HELP)
    .action(async (target: string, overrides: string[], flags: Flags, command: Command) => {
      const videoPath = videoPathOf(flags, target);
      const overwriteReason = videoPath === null ? 'without --save-video nothing is written' : null;
      for (const note of idleFlags(command, { overwrite: overwriteReason })) console.log(note);
      if (videoPath !== null) await checkVideoOutput(videoPath, flags.overwrite);
      const checkpoint = await loadOrOffer(findCheckpoint(target), (intact) => commandText('eval', intact));
      await recorded(
        flags,
        command,
        () => recordedSpec(evaluationConfig(checkpoint, overrides)),
        (collector) => evaluateCheckpoint(checkpoint, overrides, videoPath, collector),
      );
    });
  return withRecordingFlags(command, 'the episodes');
}

/** The path of the video that is asked for, null if none is. */
function videoPathOf({ saveVideo, create_video: created }: Flags, target: string): string | null {
  if (created !== true) return saveVideo ?? created ?? null;
  const checkpoint = findCheckpoint(target);
  return join(runPathOf(checkpoint) ?? dirname(checkpoint), 'eval.mp4');
}

/** The environments of an evaluation, whose episodes may have another length than those of its training. */
function recordedSpec({ env, eval_env: evalEnv }: Config): EnvironmentSpec {
  return taskSpecOf({ env: { ...env, max_episode_steps: evalEnv.max_episode_steps } })!;
}

async function evaluateCheckpoint(
  checkpoint: LoadedCheckpoint,
  overrides: readonly string[],
  videoPath: string | null,
  collector: DataCollector | null,
): Promise<void> {
  const config = evaluationConfig(checkpoint, overrides);
  checkUseful(overrides, config, videoPath);
  for (const note of repeatNotes(overrides)) console.log(note);
  if (videoPath !== null && config.eval.num_videos === 0) {
    throw new UserError('--save-video: eval.num_videos=0 leaves nothing to show');
  }
  const numEpisodes = evaluationEpisodes(config);
  const plainEnvs = await createEvaluationEnvs(config);
  const recording = { seed: evaluationSeed(config), episodes: numEpisodes };
  const envs = collector?.wrapAll(plainEnvs, recording) ?? plainEnvs;
  const agent = await loadAgent(checkpoint, config, envs.spec);
  try {
    const { progress } = checkpoint;
    console.log(
      `${checkpoint.path} (${checkpoint.hash}): ${stepsText(progress)}, ${progress.gradientSteps} updates`,
    );
    const started = performance.now();
    const judgedBy = measureOf(config);
    const policy = greedyPolicy(agent, checkpoint.actionScale);
    const numVideos = videoPath === null ? 0 : config.eval.num_videos;
    const { summary, actions } = await evaluate(policy, envs, { episodes: numEpisodes, recorded: numVideos });
    const normalized = normalizedReturn(config, summary.return.mean);
    await printResult(summaryTable(`${envs.spec.envId}, ${numEpisodes} episodes`, summary, normalized));
    const score =
      judgedBy === 'return'
        ? namedScore(judgedBy, summary.return.mean, normalized)
        : `${judgedBy} ${summary[judgedBy].toFixed(3)}`;
    await printResult(`${score}, ${duration((performance.now() - started) / 1000)}`);
    if (videoPath !== null) {
      const video = await simulateVideo(evaluationVideo(config, actions));
      for (const note of fewerClips(video, numVideos)) console.log(note);
      await writeVideoWithProgress(videoPath, video);
    }
  } finally {
    await agent.dispose();
    await envs.close();
  }
}

/** The checkpoint's configuration with the overrides. Throws a UserError on those that an evaluation doesn't take. */
function evaluationConfig({ config, path }: LoadedCheckpoint, overrides: readonly string[]): Config {
  for (const override of overrides) checkKeyUse(override, config, EVALUATION);
  return changedConfig({ ...config }, overrides, path);
}

/** Throws a UserError on overrides that change nothing beside the other values. */
function checkUseful(
  overrides: readonly string[],
  { algo, train }: Pick<Config, 'algo' | 'train'>,
  videoPath: string | null,
): void {
  for (const override of overrides) {
    const key = keyFromReference(keyOf(override), algo);
    if (key === 'train.eval_steps' && train.eval_episodes !== null) {
      throw new UserError(
        `${override}: train.eval_episodes=${train.eval_episodes} says how long an evaluation is: change that, or give ` +
          'train.eval_episodes=null too',
      );
    }
    if (isKeyIn(key, ['eval']) && videoPath === null) {
      throw new UserError(`${override}: it is about the video, which --save-video <path> asks for`);
    }
    if (key === 'eval.video_fps' && videoPath !== null && isStill(videoPath)) {
      throw new UserError(`${override}: ${videoPath} is a picture`);
    }
  }
}
