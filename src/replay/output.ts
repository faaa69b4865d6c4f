import { basename } from 'node:path';
import { generatorFacts, SIM_BACKEND } from '../datasets/formats/maniskill/generator.js';
import type { DatasetRecord } from '../datasets/formats/maniskill/json.js';
import type { DatasetDescription } from '../datasets/formats/maniskill/writer.js';
import { fileSha256 } from '../files/reading.js';
import type { ReplayPlan } from './plan.js';

/** The head of the output's json. */
export async function describeReplay(plan: ReplayPlan, record: DatasetRecord): Promise<DatasetDescription> {
  const { path, method, start, sourceControlMode, targetControlMode, allowFailure, discardTimeout } = plan;
  const file = basename(path);
  return {
    envId: plan.envId,
    controlMode: targetControlMode,
    obsMode: plan.obsMode,
    rewardMode: plan.rewardMode,
    maxEpisodeSteps: plan.maxEpisodeSteps,
    simBackend: SIM_BACKEND,
    sourceType: 'replay',
    sourceDescription: [`${file} ${methodInWords(plan)}`, record.source].filter(Boolean).join('; '),
    generator: {
      ...generatorFacts(),
      // Replayed episodes keep their seeds, which mean something here only if they did so before.
      resets_by_seed: record.resetsBySeed,
      replay: {
        source: { file, sha256: await fileSha256(path), control_mode: sourceControlMode },
        method,
        start,
        target_control_mode: targetControlMode,
        allow_failure: allowFailure,
        judged_by: plan.judgedBy,
        discard_timeout: discardTimeout,
        max_retry: plan.maxRetry,
      },
    },
  };
}

/** Such as `replayed by actions, pd_joint_pos to pd_joint_delta_pos`. */
export function methodInWords({ method, sourceControlMode, targetControlMode }: ReplayPlan): string {
  if (method === 'env_states') return 'replayed by recorded states';
  const isConverted = sourceControlMode !== targetControlMode;
  return `replayed by actions, ${sourceControlMode}${isConverted ? ` to ${targetControlMode}` : ''}`;
}
