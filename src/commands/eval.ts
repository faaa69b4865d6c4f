import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { applyOverride, type ConfigTree, validateConfig } from '../config/load.js';
import { duration } from '../duration.js';
import { UserError } from '../errors.js';
import { expandHome } from '../files.js';
import { summaryTable } from '../logging/tables.js';
import { evaluate } from '../rollout/evaluate.js';
import { checkpointPath, type LoadedCheckpoint, loadCheckpoint } from '../training/checkpoint.js';
import { createAgent } from '../training/create_run.js';
import { greedyPolicy } from '../training/evaluation.js';
import { createEvaluationEnvs, evaluationEpisodes } from '../training/evaluation_envs.js';
import { evaluationVideo } from '../training/evaluation_videos.js';
import { openRunFolder } from '../training/run_folder.js';
import { playAgain } from '../video/episode_replay.js';
import { checkVideoOutput, writeVideoWithProgress } from './video_output.js';

interface Flags {
  saveVideo?: string;
  overwrite: boolean;
}

/** `rlpd eval <run or checkpoint> [key=value …] [--save-video x.mp4]` */
export function evalCommand(): Command {
  return new Command('eval')
    .description('evaluate a trained policy on fixed episodes of full length')
    .argument('<run>', 'a run folder (its latest checkpoint is taken) or a checkpoint file')
    .argument('[overrides...]', 'key=value, such as sac.eval_episodes=200 or eval_env.seed=7')
    .option(
      '--save-video <path>',
      'show the first eval.num_videos episodes: .mp4, .gif, or .png for their end',
    )
    .option('--overwrite', 'replace a video that exists', false)
    .action(async (target: string, overrides: string[], { saveVideo, overwrite }: Flags) => {
      const videoPath = saveVideo === undefined ? null : expandHome(saveVideo);
      if (videoPath !== null) await checkVideoOutput(videoPath, overwrite);
      const checkpoint = await loadCheckpoint(findCheckpoint(target));
      await evaluateCheckpoint(checkpoint, overrides, videoPath);
    });
}

function findCheckpoint(target: string): string {
  if (target.endsWith('.safetensors')) return target;
  if (!existsSync(target)) throw new UserError(`${target}: no such run folder or checkpoint`);
  return checkpointPath(openRunFolder(target).modelsPath, 'latest');
}

async function evaluateCheckpoint(
  checkpoint: LoadedCheckpoint,
  overrides: readonly string[],
  videoPath: string | null,
): Promise<void> {
  const tree: ConfigTree = structuredClone({ ...checkpoint.config });
  for (const override of overrides) applyOverride(tree, override);
  const config = validateConfig(tree, checkpoint.path);
  if (videoPath !== null && config.eval.num_videos === 0) {
    throw new UserError('--save-video: eval.num_videos=0 leaves nothing to show');
  }
  const envs = await createEvaluationEnvs(config);
  const agent = await createAgent(config, envs.spec.observationDim, envs.spec.actionDim);
  try {
    setState(checkpoint, () => agent.setState(checkpoint.agent));
    const { envSteps, gradientSteps } = checkpoint.progress;
    console.log(`${checkpoint.path} (${checkpoint.hash}): ${envSteps} env steps, ${gradientSteps} updates`);
    const started = performance.now();
    const numEpisodes = evaluationEpisodes(config);
    const policy = greedyPolicy(agent, checkpoint.actionScale);
    const numVideos = videoPath === null ? 0 : config.eval.num_videos;
    const { summary, actions } = await evaluate(envs, policy, numEpisodes, numVideos);
    console.log(summaryTable(`${config.env.env_id}, ${numEpisodes} episodes`, summary));
    console.log(
      `success_at_end ${summary.success_at_end.toFixed(3)}, ${duration((performance.now() - started) / 1000)}`,
    );
    if (videoPath !== null) {
      await writeVideoWithProgress(videoPath, await playAgain(evaluationVideo(config, actions)));
    }
  } finally {
    await agent.dispose();
    await envs.close();
  }
}

/** An override may describe other networks or another task than the checkpoint's: say so in those words. */
function setState(checkpoint: LoadedCheckpoint, set: () => void): void {
  try {
    set();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`${checkpoint.path} does not fit this configuration: ${reason}`, { cause: error });
  }
}
