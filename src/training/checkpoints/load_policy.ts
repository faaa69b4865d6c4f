import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { EnvironmentSpec } from '../../../envs/env.js';

import type { Config } from '../../config/schema.js';
import { UserError } from '../../errors.js';
import { isFolder } from '../../files/folders.js';
import { isFile } from '../../files/reading.js';
import type { Agent } from '../../learner/agent.js';
import type { PolicySizes } from '../../learner/algorithm.js';
import { algorithmAt, createAgent } from '../create_agent.js';
import { openRunFolder } from '../folder/run_folder.js';
import { checkpointPath, type LoadedCheckpoint } from './checkpoint.js';

const CHECKPOINT = '.safetensors';
const POLICY = '.policy.onnx';

/**
 * The path of the checkpoint that a user names: of a run folder the latest; else a file, also by its name without the
 * ending, or by the policy beside it. A file that is missing or of no use is left to `loadCheckpoint`. Throws a
 * UserError if there is nothing of the kind.
 */
export function findCheckpoint(target: string): string {
  if (target.endsWith(POLICY)) return checkpointBeside(target);
  if (target.endsWith(CHECKPOINT) || isFile(target)) return target;
  if (existsSync(target)) return checkpointPath(openRunFolder(target).modelsPath, 'latest');
  const named = `${target}${CHECKPOINT}`;
  if (existsSync(named) || basename(dirname(target)) === 'models') return named;
  throw new UserError(`${target}: no such run folder or checkpoint`);
}

/** The folder of the run that a checkpoint lies in, or null if it lies elsewhere. */
export function runPathOf(checkpoint: string): string | null {
  const models = dirname(checkpoint);
  return basename(models) === 'models' ? dirname(models) : null;
}

/** The run to go on with, and the name of its checkpoint to go on from: its last one if undefined. */
export interface ResumePoint {
  runPath: string;
  name: string | undefined;
}

/**
 * The run that a user names by `--resume`: a run folder, or a checkpoint of a run in one of the ways of {@link
 * findCheckpoint}. Throws a UserError if a checkpoint lies in no run.
 */
export function findResumePoint(target: string): ResumePoint {
  const runPath = runPathOf(target);
  const isCheckpoint =
    !isFolder(target) && (isFile(target) || target.endsWith(CHECKPOINT) || runPath !== null);
  if (!isCheckpoint) return { runPath: target, name: undefined };
  if (runPath !== null) return { runPath, name: basename(findCheckpoint(target), CHECKPOINT) };
  throw new UserError(`${target} is in no run's models folder: give the folder of the run to go on with`);
}

function checkpointBeside(policy: string): string {
  const path = `${policy.slice(0, -POLICY.length)}${CHECKPOINT}`;
  if (existsSync(path)) return path;
  throw new UserError(
    `${policy} is a policy for other programs; this needs its checkpoint ${path}, which is missing`,
  );
}

/**
 * The agent of a checkpoint, as it was saved, on the CPU. `config` is the checkpoint's, or one with the same networks;
 * `spec` is that of the environment to act in, or the sizes without one. Throws a UserError if they don't fit
 * together. Dispose of the agent in the end.
 */
export async function loadAgent(
  checkpoint: LoadedCheckpoint,
  config: Config,
  spec: EnvironmentSpec | PolicySizes,
): Promise<Agent> {
  const onCpu = { ...config, train: { ...config.train, device: 'cpu' as const } };
  // Acting takes one thread; others would only have to be started.
  const algo = algorithmAt(config, checkpoint);
  const agent = await createAgent(onCpu, algo, spec, 'envId' in spec ? spec : null, 1);
  try {
    await agent.setState(checkpoint.agent);
    return agent;
  } catch (error) {
    await agent.dispose();
    const { observationDim, actionDim } = spec;
    const place = 'envId' in spec ? ` of ${spec.envId} in ${spec.controlMode}` : '';
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(
      `${checkpoint.path} does not fit this configuration${place} (${observationDim} numbers ` +
        `observed, ${actionDim} acted): ${reason}`,
      { cause: error },
    );
  }
}
