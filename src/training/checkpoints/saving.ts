import type { Measure } from '../../../envs/success.js';
import type { KeptNumbers } from '../../buffers/replay_buffer.js';
import { writeFileAtomic } from '../../files/atomic.js';
import { beginInterval } from '../logs/log_interval.js';
import type { OnlineParts, Run } from '../run.js';
import { resumedProgress, stepsOf } from '../run_progress.js';
import { checkWeights } from '../watchdog.js';
import { bestName } from './best.js';
import { type Checkpoint, checkpointPath, encodeCheckpoint } from './checkpoint.js';
import { exportPolicy, policyPath } from './policy_export.js';
import { numberedName, removeOldCheckpoints } from './retention.js';

/** Saves the run as `models/latest`. A failure stops the run. */
export async function saveLatest(run: Run): Promise<void> {
  await save(run, await checkpointOf(run), ['latest']);
}

/**
 * Saves the run as `models/ckpt_<steps>` and as `models/latest`; then removes the oldest `ckpt_*` beyond
 * `train.keep_checkpoints`. A failure stops the run.
 */
export async function saveNumbered(run: Run): Promise<void> {
  const { config, folder, progress } = run;
  await save(run, await checkpointOf(run), [numberedName(stepsOf(progress)), 'latest']);
  const keep = config.train.keep_checkpoints;
  if (keep !== null) await removeOldCheckpoints(folder.modelsPath, keep, stepsOf(progress));
}

/** Saves the policy of the best evaluation so far, as `models/best_<measure>`. */
export async function saveBest(run: Run, judgedBy: Measure): Promise<void> {
  await save(run, { ...(await checkpointOf(run)), replay: null, imagined: null, balanced: null }, [
    bestName(judgedBy),
  ]);
}

/** Writes checkpoint and policy under each name. The checkpoint comes first: the policy can be made again from it. */
async function save(run: Run, checkpoint: Checkpoint, names: readonly string[]): Promise<void> {
  run.logger.flush();
  const { modelsPath } = run.folder;
  const file = encodeCheckpoint(checkpoint);
  const policy = exportPolicy(run);
  for (const name of names) {
    await writeFileAtomic(checkpointPath(modelsPath, name), file);
    await writeFileAtomic(policyPath(modelsPath, name), policy);
  }
}

async function checkpointOf(run: Run): Promise<Checkpoint> {
  const { config, progress, sampler, data, online, imagined, balanced, interval } = run;
  const keepsBuffers = config.train.save_buffer_in_checkpoints;
  const agent = await run.agent.getState();
  checkWeights(agent);
  return {
    config,
    progress: { ...progress, seconds: run.seconds() },
    agent,
    sizes: { observationDim: run.agent.observationDim, actionDim: run.agent.actionDim },
    actionScale: run.actionScale,
    rewardScaling: run.rewardScaling,
    sampler: sampler.getState(),
    exploration: online?.exploration.getState() ?? null,
    episodes: online?.envs.progress() ?? [],
    interval: interval.getState(),
    replay: online && keepsBuffers ? online.replay.getState() : null,
    imagined: imagined && keepsBuffers ? imagined.getState() : null,
    balanced: balanced && keepsBuffers ? balanced.getState() : null,
    keptOfData: data?.kept ?? {},
  };
}

/**
 * Restores the state of a run from a checkpoint, but for that of its agent, with which it was made. With a saved replay buffer it goes on exactly; without one the
 * episodes under way are given up, since nothing of them is in the buffer, the next ones begin, and experience is
 * collected before learning goes on.
 */
export async function restoreRun(run: Run, checkpoint: Checkpoint): Promise<void> {
  Object.assign(run.progress, resumedProgress(checkpoint, run.config));
  run.sampler.setState(checkpoint.sampler);
  if (run.data && isFor(checkpoint.keptOfData, run.data.size)) run.data.keep(checkpoint.keptOfData);
  const goesOnExactly = checkpoint.replay !== null || run.progress.envSteps === 0;
  if (goesOnExactly) run.interval.setState(checkpoint.interval);
  else beginInterval(run);
  if (checkpoint.imagined) run.imagined?.setState(checkpoint.imagined);
  if (run.online) await restoreOnline(run.online, checkpoint, goesOnExactly);
  // Without its experience a run begins anew with priorities, too.
  if (checkpoint.balanced) run.balanced?.setState(checkpoint.balanced);
}

async function restoreOnline(
  { envs, replay, exploration }: OnlineParts,
  checkpoint: Checkpoint,
  goesOnExactly: boolean,
): Promise<void> {
  if (checkpoint.exploration) exploration.setState(checkpoint.exploration);
  if (checkpoint.replay) replay.setState(checkpoint.replay);
  const next = checkpoint.episodes.map(({ episode }) => ({
    episode: episode + 1,
    actions: new Float32Array(0),
  }));
  await envs.restore(goesOnExactly ? checkpoint.episodes : next);
}

/** True if numbers are those of so many rows; data that were exchanged may have others. */
function isFor(kept: KeptNumbers, rows: number): boolean {
  return Object.values(kept).every(({ length }) => length === rows);
}
