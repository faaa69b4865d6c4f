import { writeFileAtomic } from '../files.js';
import { type Checkpoint, checkpointPath, encodeCheckpoint } from './checkpoint.js';
import { exportPolicy, policyPath } from './policy_export.js';
import type { Run } from './run.js';

/** Saves the run as `models/<name>` and, since it is the newest, as `models/latest`. A failure stops the run. */
export async function saveRun(run: Run, name?: string): Promise<void> {
  await save(run, checkpointOf(run), name === undefined ? ['latest'] : [name, 'latest']);
}

/** Saves the policy of the best evaluation so far. */
export async function saveBest(run: Run): Promise<void> {
  await save(run, { ...checkpointOf(run), replay: null }, ['best_success_at_end']);
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

function checkpointOf(run: Run): Checkpoint {
  const { config, progress, agent, sampler, seedActions, replay, envs } = run;
  return {
    config,
    progress: { ...progress, seconds: run.seconds() },
    agent: agent.getState(),
    actionScale: run.actionScale,
    streams: { ...sampler.getState(), seedActions: seedActions.getState() },
    episodes: envs.progress(),
    replay: config.train.save_buffer_in_checkpoints ? replay.getState() : null,
  };
}

/**
 * Puts a run where a checkpoint left it. With a saved replay buffer it goes on exactly; without one the episodes under
 * way are given up, since nothing of them is in the buffer, and the next ones begin.
 */
export async function restoreRun(run: Run, checkpoint: Checkpoint): Promise<void> {
  const { seedActions, online, demos } = checkpoint.streams;
  Object.assign(run.progress, checkpoint.progress);
  run.agent.setState(checkpoint.agent);
  run.seedActions.setState(seedActions);
  run.sampler.setState({ online, demos });
  if (checkpoint.replay) {
    run.replay.setState(checkpoint.replay);
    await run.envs.restore(checkpoint.episodes);
  } else {
    const next = checkpoint.episodes.map(({ episode }) => ({
      episode: episode + 1,
      actions: new Float32Array(0),
    }));
    await run.envs.restore(next);
  }
}
