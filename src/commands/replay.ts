import { Command, Option } from 'commander';
import type { RewardMode } from '../../envs/env.js';
import { printResult } from '../console.js';
import { SIM_BACKEND } from '../datasets/formats/maniskill/generator.js';
import { duration } from '../duration.js';
import { UserError } from '../errors.js';
import { type Progress, startProgress } from '../progress.js';
import type { ReplayObsMode } from '../replay/plan.js';
import {
  type ReplayListener,
  type ReplayOptions,
  type ReplayResult,
  replayDataset,
} from '../replay/replay.js';
import { replayReport } from '../replay/report.js';
import { INTERRUPTED_EXIT_CODE, listenForStop } from '../stop_signal.js';
import { boolean, frameRate, integerBetween, path, positiveInteger, threadCount } from './arguments.js';
import { idleFlags } from './idle_flags.js';

interface Flags {
  trajPath: string;
  useEnvStates: boolean;
  useEnvState: boolean;
  useFirstEnvState: boolean;
  targetControlMode?: string;
  obsMode?: ReplayObsMode;
  rewardMode?: RewardMode;
  recordRewards: boolean;
  saveTraj: boolean;
  saveVideo: boolean;
  videoFps: number;
  output?: string;
  overwrite: boolean;
  allowFailure: boolean;
  discardTimeout: boolean;
  maxRetry: number;
  count?: number;
  numProcs: number;
  numEnvs?: number;
  simBackend?: string;
  vis: boolean;
}

const HELP = `
How episodes begin: files made by rlpd are replayed from their seeds. The seeds
of other files, ManiSkill's for example, mean nothing here: their episodes begin
in their first recorded state (--use-first-env-state), which is said so.

Written is <name>.<obs_mode>.<control_mode>.${SIM_BACKEND}.h5 beside the input, with
its .json. Episodes keep their ids. Videos go to <the same name>.videos/<episode
id>.mp4. An interrupted or failed run writes no dataset; its finished videos
stay.`;

/** The command `replay`: replays, converts and compares datasets; flags as those of ManiSkill's `replay_trajectory`. */
export function replayCommand(): Command {
  return new Command('replay')
    .alias('replay_trajectory')
    .description('replay recorded episodes, by their states or their actions, also in another control mode')
    .requiredOption('--traj-path <path>', 'the .h5 file; its .json is found beside it', path)
    .option('--use-env-states', 'set each recorded state instead of carrying out the actions', false)
    .addOption(new Option('--use-env-state').hideHelp().default(false))
    .option('--use-first-env-state', 'begin episodes in their first recorded state, not by their seed', false)
    .option('-c, --target-control-mode <mode>', 'convert the actions to this control mode')
    .addOption(new Option('-o, --obs-mode <mode>', 'what to record of each state').choices(['state', 'none']))
    .addOption(
      new Option('--reward-mode <mode>', 'the rewards to record (default: the finest of the task)').choices([
        'normalized_dense',
        'dense',
        'sparse',
        'none',
      ]),
    )
    .option('--record-rewards [bool]', 'record the rewards too', boolean, false)
    .option('--save-traj', 'write the replayed episodes as a dataset', false)
    .option('--save-video', 'write a video of each episode that is kept', false)
    .option('--video-fps <n>', 'frames per second; the robot is controlled at 20 Hz', frameRate, 20)
    .option('--output <path>', 'the .h5 file to write', path)
    .option('--overwrite', 'replace files that exist', false)
    .option('--allow-failure', 'keep episodes that fail; leave out those that cannot be read', false)
    .option('--discard-timeout', 'leave out episodes that reach the time limit', false)
    .option(
      '--max-retry <n>',
      'repeat failed conversions, each time with twice as many steps',
      integerBetween(0, 10),
      0,
    )
    .option('--count <n>', 'only the first episodes', positiveInteger)
    .option('--num-procs <n>', 'worker threads; the result is the same for any number', threadCount, 1)
    .addOption(new Option('-n, --num-envs <n>').argParser(threadCount).hideHelp())
    .option('-b, --sim-backend <name>', `accepted, but there is only ours: ${SIM_BACKEND}`)
    .addOption(new Option('--vis').hideHelp().default(false))
    .addHelpText('after', HELP)
    .action(run);
}

async function run(flags: Flags, command: Command): Promise<void> {
  if (flags.vis) throw new UserError('--vis: there is no window to show a replay in; use --save-video');
  const { simBackend } = flags;
  if (simBackend !== undefined && simBackend !== SIM_BACKEND) {
    console.log(`note: --sim-backend ${simBackend}: everything runs in ${SIM_BACKEND} here`);
  }
  for (const note of idleFlags(command, idleReasons(flags))) console.log(note);
  const startedAt = performance.now();
  const stop = listenForStop(() => {});
  let progress: Progress | undefined;
  const listener: ReplayListener = {
    onPlan({ plan, notes }) {
      for (const note of notes) console.log(`note: ${note}`);
      progress = startProgress({ label: 'replay', total: plan.episodes.length, unit: 'episodes' });
    },
    onEpisode: (done) => progress?.update(done),
    onTally(plan, tally) {
      progress?.stop();
      return printResult(replayReport(plan, tally));
    },
  };
  let result: ReplayResult | null;
  try {
    result = await replayDataset(optionsOf(flags), listener, stop.signal);
  } finally {
    stop.release();
  }
  if (result === null) {
    const { saveTraj, saveVideo } = flags;
    const dataset = saveTraj ? '; no dataset was written' : '';
    console.log(`interrupted${dataset}${saveVideo ? '; finished videos are kept' : ''}`);
    process.exitCode = INTERRUPTED_EXIT_CODE;
    return;
  }
  const seconds = duration((performance.now() - startedAt) / 1000);
  const places = [result.outputPath, result.plan.video?.folder].filter((place) => place != null);
  console.log([...places, `${result.kept} episodes in ${seconds}`].join(', '));
}

/** The reasons why flags change nothing beside the others; null for those that change something. */
function idleReasons(flags: Flags): Record<string, string | null> {
  const { saveTraj, saveVideo, recordRewards, useEnvStates, useEnvState, allowFailure, numEnvs } = flags;
  const unless = (isUsed: boolean, reason: string) => (isUsed ? null : reason);
  const isWritten = unless(saveTraj || saveVideo, 'without --save-traj and --save-video nothing is written');
  return {
    useFirstEnvState: unless(!useEnvStates && !useEnvState, '--use-env-states sets the first state too'),
    obsMode: isWritten,
    output: isWritten,
    overwrite: isWritten,
    rewardMode: unless(
      (saveTraj && recordRewards) || saveVideo,
      'rewards are written with --record-rewards only, and shown in videos',
    ),
    recordRewards: unless(saveTraj, 'without --save-traj nothing is recorded'),
    videoFps: unless(saveVideo, 'without --save-video there are no videos'),
    discardTimeout: unless(!allowFailure, '--allow-failure keeps all episodes'),
    numProcs: unless(numEnvs === undefined, `--num-envs ${numEnvs} says the same`),
  };
}

function optionsOf(flags: Flags): ReplayOptions {
  return {
    trajPath: flags.trajPath,
    useEnvStates: flags.useEnvStates || flags.useEnvState,
    useFirstEnvState: flags.useFirstEnvState,
    targetControlMode: flags.targetControlMode ?? null,
    obsMode: flags.obsMode ?? null,
    rewardMode: flags.rewardMode ?? null,
    recordRewards: flags.recordRewards,
    saveTraj: flags.saveTraj,
    output: flags.output ?? null,
    overwrite: flags.overwrite,
    allowFailure: flags.allowFailure,
    discardTimeout: flags.discardTimeout,
    maxRetry: flags.maxRetry,
    count: flags.count ?? null,
    numProcs: flags.numEnvs ?? flags.numProcs,
    saveVideo: flags.saveVideo,
    videoFps: flags.videoFps,
  };
}
