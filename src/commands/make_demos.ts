import { Command } from 'commander';
import { type MadeDemos, makeDemos } from '../data/make_demos.js';
import { type Progress, startProgress } from '../progress.js';
import { listenForStop } from '../stop_signal.js';
import { integer, nonNegative, positiveInteger, share } from './arguments.js';

interface Flags {
  envId: string;
  numEpisodes: number;
  seed: number;
  actionNoise: number;
  imperfectShare: number;
  onlySuccesses: boolean;
  output: string;
  overwrite: boolean;
}

/** The command `make_demos`: demonstrations of the scripted expert, in ManiSkill's format. */
export function makeDemosCommand(): Command {
  return new Command('make_demos')
    .description("let a task's scripted expert act and write the episodes as a ManiSkill dataset")
    .requiredOption('--output <path>', 'the .h5 file to write; its .json is written beside it')
    .option('--env-id <id>', 'the task', 'PickCube-v1')
    .option('--num-episodes <n>', 'how many episodes', positiveInteger, 1000)
    .option('--seed <n>', 'the same seed gives the same episodes', integer, 0)
    .option('--action-noise <std>', 'standard deviation of Gaussian noise on the actions', nonNegative, 0.1)
    .option('--imperfect-share <share>', 'share of episodes that are spoilt on purpose, 0 to 1', share, 0)
    .option('--only-successes', 'leave out episodes that do not end in success', false)
    .option('--overwrite', 'replace files that exist', false)
    .action(run);
}

async function run({ output, ...options }: Flags): Promise<void> {
  const stop = listenForStop(() => {});
  let progress: Progress | undefined;
  const onProgress = (episodes: number) => {
    progress ??= startProgress({ label: options.envId, total: options.numEpisodes, unit: 'episodes' });
    progress.update(episodes);
  };
  let made: MadeDemos;
  try {
    made = await makeDemos({
      ...options,
      rewardMode: 'normalized_dense',
      outputPath: output,
      onProgress,
      signal: stop.signal,
    });
  } finally {
    progress?.stop();
    stop.release();
  }
  console.log(report(made));
}

function report({ path, summary, attempts, seconds }: MadeDemos): string {
  const percent = (part: number) => `${(100 * part).toFixed(1)} %`;
  const left = attempts - summary.episodes;
  return [
    `${path}: ${summary.episodes} episodes in ${seconds.toFixed(1)} s${left ? `, ${left} failures left out` : ''}`,
    `success at the end ${percent(summary.success_at_end)}, at any step ${percent(summary.success_once)}, ` +
      `median first success after ${summary.first_success_step.median} steps`,
  ].join('\n');
}
