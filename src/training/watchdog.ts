import { columnsOf, type TransitionBatches } from '../buffers/transitions.js';
import { UserError } from '../errors.js';
import { writeFileAtomic } from '../files/atomic.js';
import type { AgentState, Metrics } from '../learner/agent.js';
import type { VectorEnvironment } from '../rollout/vector_env.js';
import { encodeSafetensors, wholeTensor } from './checkpoints/safetensors.js';
import type { Run } from './run.js';

/**
 * Throws a UserError if the metrics of an update of `batches` are not all finite, which it never recovers from. The
 * batches are then in the run's `broken_batch.safetensors`.
 */
export async function checkLosses(run: Run, metrics: Metrics, batches: TransitionBatches): Promise<void> {
  const broken = Object.entries(metrics).find(([, value]) => !Number.isFinite(value));
  if (!broken) return;
  const { brokenBatchPath, modelsPath } = run.folder;
  const what = `${broken[0]} became ${broken[1]}`;
  const kept = await writeFileAtomic(brokenBatchPath, encodeBatches(batches, what)).then(
    () => `its batches are in ${brokenBatchPath}`,
    (error: Error) => error.message,
  );
  const { modelSteps, cloneSteps, gradientSteps } = run.progress;
  throw new UserError(
    `${what} after ${modelSteps + cloneSteps + gradientSteps} gradient steps; ${kept}, and the checkpoints in ` +
      `${modelsPath} are from before. A lower train.actor_lr or train.critic_lr may help`,
  );
}

/** Throws a UserError, naming the environment and the entry, if a step led to numbers that are not finite. */
export function checkStep(envs: VectorEnvironment, envSteps: number): void {
  const { observationDim, observationLayout } = envs.spec;
  for (const observations of [envs.nextObservations, envs.observations]) {
    const at = observations.findIndex((value) => !Number.isFinite(value));
    if (at < 0) continue;
    const entry = at % observationDim;
    const part = observationLayout.find(({ offset, size }) => entry >= offset && entry < offset + size)!;
    const name = `${part.name}[${entry - part.offset}] of its observation`;
    throw brokenStep(Math.floor(at / observationDim), name, observations[at], envSteps);
  }
  const at = envs.rewards.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) throw brokenStep(at, 'its reward', envs.rewards[at], envSteps);
}

/** Throws a UserError if a learner has weights that are not finite: a checkpoint of it would be of no use. */
export function checkWeights({ tensors }: AgentState): void {
  for (const [name, { data }] of Object.entries(tensors)) {
    const broken = data.find((value) => !Number.isFinite(value));
    if (broken === undefined) continue;
    throw new UserError(
      `${name} became ${broken}: not saved, the last checkpoint is from before. A lower train.actor_lr or ` +
        'train.critic_lr may help',
    );
  }
}

function brokenStep(env: number, what: string, value: number, envSteps: number): UserError {
  return new UserError(
    `environment ${env} gave ${value} for ${what} in the step after ${envSteps} env steps: its simulation is broken. ` +
      'The last checkpoint is from before',
  );
}

function encodeBatches(batches: TransitionBatches, reason: string): Uint8Array[] {
  const { count, batchSize, demoRows } = batches;
  const tensors = columnsOf(batches).map(([name, data]) => {
    const width = data.length / (count * batchSize);
    return [name, wholeTensor(width === 1 ? [count, batchSize] : [count, batchSize, width], data)] as const;
  });
  return encodeSafetensors(Object.fromEntries(tensors), {
    format: 'rlpd-batches',
    reason,
    demo_rows: String(demoRows),
  });
}
