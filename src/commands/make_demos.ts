import { Command, Option } from 'commander';
import { expertEnvIds } from '../../envs/experts/make_expert.js';
import { CONTROL_MODES } from '../../envs/panda/controllers.js';
import { environmentEntry, environmentSpec, taskOf } from '../../envs/registry.js';
import { asSuccess, MEASURE_WORDS, type SuccessMeasure } from '../../envs/success.js';
import { commandText } from '../command_text.js';
import { wholeTrajectory } from '../datasets/formats/maniskill/whole_trajectory.js';
import type { DataCollector } from '../datasets/recording/data_collector.js';
import type { DemoPolicy } from '../demonstrations/demonstrator.js';
import { type MadeDemos, makeDemos } from '../demonstrations/make_demos.js';
import { UserError } from '../errors.js';
import { type Progress, startProgress } from '../progress.js';
import { listenForStop } from '../stop_signal.js';
import {
  integerBetween,
  noise,
  path,
  positiveInteger,
  seed,
  share,
  speed,
  threadCount,
} from './arguments.js';
import { type RecordingFlags, recorded, withRecordingFlags } from './recording.js';

interface Flags extends RecordingFlags {
  envId: string;
  policy: DemoPolicy;
  controlMode: string;
  numEpisodes: number;
  seed: number;
  actionNoise: number;
  speed: number;
  imperfectShare?: number;
  failedShare?: number;
  onlySuccesses: boolean;
  holdSteps?: number;
  numProcs?: number;
  output: string;
  overwrite: boolean;
}

/** The end of the help: how episodes are spoilt, which of them fail, and an example. */
function help(): string {
  const ids = expertEnvIds();
  const width = Math.max(...ids.map((id) => id.length));
  const judgedOnce = ids.filter((id) => environmentEntry(id).judgedBy === 'success_once');
  const flaws = ids.map((id) => `  ${id.padEnd(width)}  ${taskOf(id).expert?.flaws.join(', ')}`);
  return `
Spoilt episodes come in several kinds, equally often. In one, the arm moves at
half its speed, which is enough where there is time. The others are flaws that
hardly ever succeed: to go beside what is to be touched (miss), to let go too
early (drop), to end too early (short), to throw too weakly (weak), to bring
things elsewhere (wrong_goal, wrong_place). Each task has its own of them:
${flaws.join('\n')}

An episode fails that has no success at its end. Where things go on after it,
one fails that has no success at any step:
  ${judgedOnce.join('\n  ')}

200 demonstrations, half of them failures and the others slow and noisy:
  ${commandText('make_demos', '--output', 'poor.h5')} \\
    --num-episodes 200 --failed-share 0.5 --speed 0.6 --action-noise 0.3

With --policy random nobody knows the task: each number of an action is uniform
between its bounds, and there is nothing to spoil.
`;
}

/** Flags that say how the expert acts, by the names that commander gives them. */
const EXPERTS_OWN = { actionNoise: '--action-noise', speed: '--speed', imperfectShare: '--imperfect-share' };

/** The command `make_demos`: demonstrations of the scripted expert, in ManiSkill's format. */
export function makeDemosCommand(): Command {
  const command = new Command('make_demos')
    .description("let a task's scripted expert act and write the episodes as a ManiSkill dataset")
    .requiredOption('--output <path>', 'the .h5 file to write; its .json is written beside it', path)
    .option('-e, --env-id <id>', `the task: ${expertEnvIds().join(', ')}`, 'PickCube-v1')
    .option(
      '-c, --control-mode <mode>',
      `how actions drive the robot: ${CONTROL_MODES.join(', ')}`,
      CONTROL_MODES[0],
    )
    .addOption(
      new Option('--policy <policy>', "who acts: the task's scripted expert, or chance")
        .choices(['expert', 'random'])
        .default('expert'),
    )
    .option('--num-episodes <n>', 'how many episodes', integerBetween(1, 10_000_000), 1000)
    .option('--seed <n>', 'the same seed gives the same episodes', seed, 0)
    .option('--action-noise <std>', 'standard deviation of Gaussian noise on the actions', noise, 0.1)
    .option('--speed <share>', "share of the expert's full speed, above 0 and up to 1", speed, 1)
    .option(
      '--imperfect-share <share>',
      'share of episodes that are spoilt on purpose, 0 to 1 (default: what --failed-share says, else 0)',
      share,
    )
    .option(
      '--failed-share <share>',
      'leave out episodes until this share of those kept, 0 to 1, are failures',
      share,
    )
    .option('--only-successes', 'the same as --failed-share 0', false)
    .option(
      '--hold-steps <n>',
      "end an episode once success has held so many steps (default: at the task's horizon)",
      positiveInteger,
    )
    .option('--num-procs <n>', 'worker threads; the files are the same for any number', threadCount)
    .option('--overwrite', 'replace files that exist', false)
    .addHelpText('after', help)
    .action(run);
  return withRecordingFlags(command, 'the episodes that are kept');
}

async function run(flags: Flags, command: Command): Promise<void> {
  checkPolicy(flags.policy, command);
  const { envId, controlMode } = flags;
  const spec = () => {
    const [rewardMode] = environmentEntry(envId).rewardModes;
    return environmentSpec(envId, { controlMode, rewardMode });
  };
  await recorded(flags, command, spec, (collector) => make(flags, collector));
}

async function make(
  { output, numProcs, onlySuccesses, ...options }: Flags,
  collector: DataCollector | null,
): Promise<void> {
  if (onlySuccesses && options.failedShare) {
    throw new UserError(
      '--only-successes and --failed-share contradict each other; leave out one of the two',
    );
  }
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
      imperfectShare: options.imperfectShare ?? options.failedShare ?? 0,
      failedShare: onlySuccesses ? 0 : (options.failedShare ?? null),
      holdSteps: options.holdSteps ?? null,
      numWorkers: numProcs,
      rewardMode: null,
      outputPath: output,
      onProgress,
      ...(collector && { onKept: (trajectory) => collector.append(wholeTrajectory(trajectory)) }),
      signal: stop.signal,
    });
  } finally {
    progress?.stop();
    stop.release();
  }
  console.log(report(made, asSuccess(environmentEntry(options.envId).judgedBy)));
}

/** Throws a UserError if chance is told how the expert is to act. */
function checkPolicy(policy: DemoPolicy, command: Command): void {
  const given = Object.entries(EXPERTS_OWN).find(([name]) => command.getOptionValueSource(name) === 'cli');
  if (policy === 'expert' || given === undefined) return;
  throw new UserError(`${given[1]} is for the scripted expert, and --policy random has none: leave it out`);
}

function report({ path, summary, attempts, seconds }: MadeDemos, judgedBy: SuccessMeasure): string {
  const percent = (part: number) => `${(100 * part).toFixed(1)} %`;
  const left = attempts - summary.episodes;
  const others = left ? `, ${left} others left out, by success ${MEASURE_WORDS[judgedBy]}` : '';
  return [
    `${path}: ${summary.episodes} episodes in ${seconds.toFixed(1)} s${others}`,
    `success at the end ${percent(summary.success_at_end)}, at any step ${percent(summary.success_once)}, ` +
      firstSuccessText(summary.first_success_step.median),
  ].join('\n');
}

function firstSuccessText(steps: number): string {
  return Number.isNaN(steps) ? 'none succeeds' : `median first success after ${steps} steps`;
}
