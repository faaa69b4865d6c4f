import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { writeOnnx } from '../../compile/onnx_writer.js';
import { packageFacts } from '../../version.js';
import { configText } from '../folder/run_folder.js';
import type { Run } from '../run.js';

/** The file of the policy that belongs to the checkpoint `name`. */
export function policyPath(modelsPath: string, name: string): string {
  return join(modelsPath, `${name}.policy.onnx`);
}

/**
 * The run's policy as an ONNX model for other programs: from `observation` [N, observationDim] to `action`, the mode as
 * the environment takes it, and, if it draws samples, `mean` and `log_std`, all [N, actionDim] float32, for any N. It includes the normalisation
 * of observations and the scale of actions. Its metadata name the task, if there is one, the run and the
 * moment that it is from.
 */
export function exportPolicy(run: Run): Uint8Array {
  const { agent } = run;
  const actionScale = run.actionScale ?? new Float32Array(agent.actionDim).fill(1);
  return writeOnnx(agent.exportPolicy(actionScale), {
    batchDimension: 'N',
    metadata: policyMetadata(run, actionScale),
  });
}

/**
 * The metadata of an exported policy. Names are snake_case and values other than text are JSON, so that Python reads it
 * without this program.
 */
function policyMetadata(run: Run, actionScale: Float32Array): Record<string, string> {
  const { config, agent, progress, spec } = run;
  return {
    format: 'rlpd-policy',
    rlpd_version: packageFacts().version,
    algorithm: agent.algorithm,
    ...(spec && {
      env_id: spec.envId,
      robot: spec.robot,
      control_mode: spec.controlMode,
      obs_mode: config.env.env_kwargs.obs_mode,
      observation_layout: JSON.stringify(spec.observationLayout),
    }),
    observation_shape: JSON.stringify([agent.observationDim]),
    action_shape: JSON.stringify([agent.actionDim]),
    distribution: agent.distribution,
    action_scale: JSON.stringify([...actionScale]),
    env_steps: String(progress.envSteps),
    gradient_steps: String(progress.gradientSteps),
    config_sha256: createHash('sha256').update(configText(config)).digest('hex'),
  };
}
