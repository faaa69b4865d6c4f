import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ManiSkillWriter } from '../data/maniskill_writer.js';
import { UserError } from '../errors.js';
import type { StopSignal } from '../stop_signal.js';
import { replayEpisodes } from './crew.js';
import { checkOutputPath, describeReplay, outputPathOf } from './output.js';
import { type PlannedReplay, planReplay, type ReplayPlan, type ReplayRequest } from './plan.js';
import { type EpisodeTally, Tally } from './tally.js';

export interface ReplayOptions extends ReplayRequest {
  recordRewards: boolean;
  saveTraj: boolean;
  /** The `.h5` file to write; null for the name that ManiSkill's tool would give it. */
  output: string | null;
  overwrite: boolean;
  /** Worker threads; 1 works in this one. */
  numProcs: number;
}

/** Hears of a replay while it runs. */
export interface ReplayListener {
  onPlan(planned: PlannedReplay): void;
  /** After each episode, with the number of those done. */
  onEpisode(done: number): void;
}

/** What became of a replay. */
export interface ReplayResult extends EpisodeTally {
  plan: ReplayPlan;
  /** The dataset written; null if none was asked for. */
  outputPath: string | null;
}

/**
 * Replays a dataset and, if asked, writes the result as a new one. The results are the same for any number of worker
 * threads. Whatever ends it early (a bad episode, Ctrl-C, a full disk) leaves no file and replaces none. Resolves to null
 * if `signal` asked for a stop.
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
  listener.onPlan(planned);
  const tally = new Tally(plan);
  let done = 0;
  const writer = options.saveTraj ? await openWriter(planned, options) : null;
  try {
    for await (const replay of replayEpisodes(plan, options.numProcs)) {
      const skipped = tally.add(replay);
      if (skipped === null && replay.kind === 'replayed') {
        const { trajectory } = replay;
        writer?.append(options.recordRewards ? trajectory : { ...trajectory, rewards: null });
      }
      listener.onEpisode(++done);
      if (signal.aborted) return null;
    }
    const result = { ...tally.result(), plan, outputPath: writer?.path ?? null };
    if (writer && result.kept === 0) throw nothingToWrite(writer.path, result);
    await writer?.finish();
    return result;
  } finally {
    await writer?.abort();
  }
}

async function openWriter(
  { plan, record }: PlannedReplay,
  { output, overwrite }: ReplayOptions,
): Promise<ManiSkillWriter> {
  const outputPath = output ?? outputPathOf(plan);
  checkOutputPath(outputPath, plan.path);
  await mkdir(dirname(outputPath), { recursive: true });
  return ManiSkillWriter.create(outputPath, await describeReplay(plan, record), { overwrite });
}

function nothingToWrite(path: string, { replayed, succeeded, plan }: ReplayResult): UserError {
  const found = `${succeeded} of ${replayed} replayed episodes ended in success`;
  const advice = plan.allowFailure ? '' : '. --allow-failure keeps failures too';
  return new UserError(`${path} was not written, as no episode is left: ${found}${advice}`);
}
