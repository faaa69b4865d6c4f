import type { DemoOutcome } from '../../buffers/demo_summary.js';
import type { Config } from '../../config/schema.js';
import { horizonSettings } from '../../datasets/training_settings.js';

/** A note where demonstrations are longer than the task's episodes may be: a policy that copies them runs out of time. */
export function horizonNotes(
  { longest, medianFirstSuccess }: Pick<DemoOutcome, 'longest' | 'medianFirstSuccess'>,
  { env }: Pick<Config, 'env'>,
): string[] {
  if (env.env_id === null || longest <= env.max_episode_steps) return [];
  const success =
    medianFirstSuccess === null ? '' : `, with the first success at step ${medianFirstSuccess} (median)`;
  return [
    `its episodes have up to ${longest} steps${success}, and the policy's end after ` +
      `env.max_episode_steps=${env.max_episode_steps}: it must be quicker, or be given as long by ` +
      horizonSettings(longest),
  ];
}
