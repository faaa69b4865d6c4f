import { Command } from 'commander';
import { applyOverride, type ConfigTree, validateConfig } from '../config/load.js';
import { duration } from '../duration.js';
import { UserError } from '../errors.js';
import { expandHome } from '../files/paths.js';
import { summaryTable } from '../logging/tables.js';
import { evaluate } from '../rollout/evaluate.js';
import type { LoadedCheckpoint } from '../training/checkpoint.js';
import { greedyPolicy } from '../training/evaluation.js';
import { createEvaluationEnvs, evaluationEpisodes } from '../training/evaluation_envs.js';
import { evaluationVideo } from '../training/evaluation_videos.js';
import { loadOrOffer } from '../training/intact_checkpoint.js';
import { findCheckpoint, loadAgent } from '../training/load_policy.js';
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
      const checkpoint = await loadOrOffer(
        findCheckpoint(expandHome(target)),
        (path) => `npx rlpd eval ${path}`,
      );
      await evaluateCheckpoint(checkpoint, overrides, videoPath);
    });
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
  const agent = await loadAgent(checkpoint, config, envs.spec);
  try {
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
