import type { LearningRules } from './dataset.js';
import type { EpisodeOutcome } from './episode.js';

/**
 * The part of an episode's last step in learning. Where the observation after it was not recorded, it is `repeated` if nothing
 * is to be gained there: the observation before stands for it. Else the step is `left out`.
 */
export type LastStep = 'observed' | 'repeated' | 'left out';

export function lastStepOf(
  { length, terminated, hasFinalObservation }: EpisodeOutcome,
  { terminationEnds }: Pick<LearningRules, 'terminationEnds'>,
): LastStep {
  if (hasFinalObservation) return 'observed';
  return terminationEnds && terminated[length - 1] === 1 ? 'repeated' : 'left out';
}

/** Remarks on the last steps of a dataset's episodes, with their numbers. */
export function lastStepNotes(steps: readonly LastStep[]): string[] {
  const count = (wanted: LastStep) => steps.filter((step) => step === wanted).length;
  const [repeated, leftOut] = [count('repeated'), count('left out')];
  return [
    ...(leftOut > 0
      ? [
          `steps left out of learning: ${leftOut}, the last ones of episodes that did not terminate, as the observations ` +
            'after them were not recorded',
        ]
      : []),
    ...(repeated > 0
      ? [
          `steps that terminated in observations that were not recorded: ${repeated}; nothing is to be gained there, and ` +
            'their own observations stand for these',
        ]
      : []),
  ];
}
