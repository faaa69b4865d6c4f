import { MEASURE_WORDS } from '../../envs/success.js';
import { ManiSkillWriter } from '../datasets/formats/maniskill/writer.js';
import { UserError } from '../errors.js';
import { checkFolderWritable, createFolder, createFolderOf, removeIfEmpty } from '../files/folders.js';
import { fileExists } from '../files/reading.js';
import type { StopSignal } from '../stop_signal.js';
import type { EpisodeReplay } from './episode_replayer.js';
import { describeReplay } from './output.js';
import { type PlannedReplay, planReplay, type ReplayPlan, type ReplayRequest } from './plan.js';
import { replayEpisodes } from './replay_episodes.js';
import { type EpisodeTally, Tally } from './tally.js';

export interface ReplayOptions extends ReplayRequest {
  recordRewards: boolean;
  saveTraj: boolean;
  overwrite: boolean;
  /** Worker threads; 1 works in this one. */
  numProcs: number;
}

/** Hears of a replay while it runs. */
export interface ReplayListener {
  onPlan(planned: PlannedReplay): void;
  /** After each episode, with the number of those done. */
  onEpisode(done: number): void;
  /** After the last one, also where an error or a stop ends the replay early: what became of those that were done. */
  onTally(plan: ReplayPlan, tally: EpisodeTally): void | Promise<void>;
}

/** Result of a replay. */
export interface ReplayResult extends EpisodeTally {
  plan: ReplayPlan;
  /** The dataset written; null if none was asked for. */
  outputPath: string | null;
}

/**
 * Replays a dataset and, if asked, writes the result as a new one, and a video of each episode that is kept. The results
 * are the same for any number of worker threads. Whatever ends it early (a bad episode, Ctrl-C, a full disk) leaves no
 * dataset and replaces none; videos that are finished stay. Resolves to null if `signal` asked for a stop.
 *
 * Throws a UserError if the dataset can't be replayed as asked; if an episode can't be read, unless failures are allowed;
 * or if no episode is left to write.
 */
export async function replayDataset(
  options: ReplayOptions,
  listener: ReplayListener,
  signal: StopSignal,
): Promise<ReplayResult | null> {
  const planned = await planReplay(options);
  const { plan } = planned;
  const writer = options.saveTraj ? await openWriter(planned, options) : null;
  try {
    if (plan.video) await prepareFolder(plan.video.folder, options);
    listener.onPlan(planned);
    const tally = await replayInto(writer, plan, options, listener, signal);
    if (signal.aborted) return null;
    const result = { ...tally, plan, outputPath: writer?.path ?? null };
    if (writer && result.kept === 0) throw nothingToWrite(writer.path, result);
    await writer?.finish();
    return result;
  } finally {
    await writer?.abort();
    if (plan.video) removeIfEmpty(plan.video.folder);
  }
}

/** Replays the plan's episodes, as long as no stop is requested, and hands those that are kept to the writer. */
async function replayInto(
  writer: ManiSkillWriter | null,
  plan: ReplayPlan,
  { numProcs, recordRewards }: ReplayOptions,
  listener: ReplayListener,
  signal: StopSignal,
): Promise<EpisodeTally> {
  const tally = new Tally();
  let done = 0;
  try {
    for await (const replay of replayEpisodes(plan, numProcs)) {
      checkReplay(replay, plan);
      tally.add(replay);
      if (replay.kind === 'replayed' && replay.skipped === null) {
        const { trajectory } = replay;
        writer?.append(recordRewards ? trajectory : { ...trajectory, rewards: null });
      }
      listener.onEpisode(++done);
      if (signal.aborted) break;
    }
    return tally.result();
  } finally {
    await listener.onTally(plan, tally.result());
  }
}

async function prepareFolder(folder: string, { overwrite }: ReplayOptions): Promise<void> {
  if (!overwrite && (await fileExists(folder))) {
    throw new UserError(
      `${folder} exists already; choose another --output, or replace videos in it with --overwrite`,
    );
  }
  createFolder(folder);
  checkFolderWritable(folder);
}

async function openWriter(
  { plan, record }: PlannedReplay,
  { overwrite }: ReplayOptions,
): Promise<ManiSkillWriter> {
  createFolderOf(plan.outputPath);
  return ManiSkillWriter.create(plan.outputPath, await describeReplay(plan, record), { overwrite });
}

/** Throws a UserError on what ends a replay. */
function checkReplay(replay: EpisodeReplay, { allowFailure }: ReplayPlan): void {
  if (replay.kind === 'replayed' && replay.videoProblem !== null) throw new UserError(replay.videoProblem);
  if (replay.kind === 'unreadable' && !allowFailure) {
    throw new UserError(`${replay.reason}. --allow-failure skips such episodes`);
  }
}

function nothingToWrite(path: string, { replayed, succeeded, plan }: ReplayResult): UserError {
  const found = `${succeeded} of ${replayed} replayed episodes succeeded ${MEASURE_WORDS[plan.judgedBy]}`;
  const advice = plan.allowFailure ? '' : '. --allow-failure keeps failures too';
  return new UserError(`${path} was not written, as no episode is left: ${found}${advice}`);
}
