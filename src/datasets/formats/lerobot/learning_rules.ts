import { columnName } from '../../column.js';
import type { DatasetHead, LearningRules } from '../../dataset.js';
import { recordedRules } from '../../recorded_rules.js';
import { named } from '../../wording.js';
import { kindOf, type Place } from './features.js';
import type { LeRobotInfo } from './info.js';

/** Learning from what is recorded, but for pictures and texts, which no network here sees. */
export function learningRules(
  { path }: Pick<DatasetHead, 'path'>,
  features: LeRobotInfo['features'],
  places: ReadonlyMap<string, Place>,
): LearningRules {
  const unseen = [...places].filter(
    ([name, { part }]) => part === 'observations' && kindOf(features[name]) !== 'numbers',
  );
  return {
    ...recordedRules(path),
    unseen: new Set(unseen.map(([, { path }]) => columnName('observations', path))),
    notes: [
      ...(unseen.length > 0
        ? [
            `not learnt from, as no network here sees pictures or texts yet: ${named(unseen.map(([name]) => name))}`,
          ]
        : []),
      ...endNotes(features),
    ],
  };
}

/** Remarks on what ends the episodes, which the format does not tell apart. */
function endNotes(features: LeRobotInfo['features']): string[] {
  if ('next.terminated' in features) return [];
  if (!('next.done' in features))
    return ['it has no next.done: its episodes are taken to be cut off at their ends'];
  if (!('next.success' in features)) {
    return [
      "next.done doesn't tell whether a task ended or its time was up: episodes are taken to be cut off",
    ];
  }
  return ['episodes are taken to have ended where next.success holds with next.done, and else to be cut off'];
}
