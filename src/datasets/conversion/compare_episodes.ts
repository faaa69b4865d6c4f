import type { Columns } from '../column.js';
import { rowsOf } from '../column_rows.js';
import { INTENDED_INFO, infoName, SUCCESS_INFO } from '../infos.js';
import { isSameValue, type Metadata } from '../metadata.js';
import type { WholeEpisode } from '../whole_episode.js';
import type { Finding } from './account.js';
import { compareNamed, comparePart } from './compare_columns.js';

/** Findings about an episode: what of it is in the episode that another format makes of it, what isn't, and what is new. */
export function compareEpisodes(before: WholeEpisode, after: WholeEpisode): Finding[] {
  return [
    ...finalObservation(before, after),
    ...comparePart('observations', withoutFinal(before, after), after.observations),
    ...comparePart('actions', before.actions, after.actions),
    ...comparePart(
      'intended actions',
      before.intendedActions ?? new Map(),
      after.intendedActions ?? new Map(),
    ),
    ...comparePart('rewards', alone(before.rewards), alone(after.rewards)),
    ...compareFlags('terminated', before.terminated, after.terminated),
    ...compareFlags('truncated', before.truncated, after.truncated),
    ...presence('success', before.success !== null, after.success !== null),
    ...presence('seed', before.seed !== null, after.seed !== null),
    ...compareNamed('extras', untold(before), untold(after), infoName),
    ...compareMetadata('metadata of episodes', before.metadata, after.metadata),
  ];
}

/** Findings about metadata, by their names. */
export function compareMetadata(part: string, before: Metadata, after: Metadata): Finding[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].flatMap((name): Finding[] => {
    const [old, now] = [before.get(name), after.get(name)];
    if (isSameValue(old, now)) return [{ part, fate: 'kept', name }];
    return [
      ...(old === undefined ? [] : [{ part, fate: 'lost', name } as const]),
      ...(now === undefined ? [] : [{ part, fate: 'added', name } as const]),
    ];
  });
}

/** The last observation is a finding of its own. */
function finalObservation(before: WholeEpisode, after: WholeEpisode): Finding[] {
  return presence('observation after the last step', before.hasFinalObservation, after.hasFinalObservation);
}

function withoutFinal(before: WholeEpisode, after: WholeEpisode): WholeEpisode['observations'] {
  if (before.hasFinalObservation === after.hasFinalObservation) return before.observations;
  const rows = Math.min(before.length, after.length);
  return new Map([...before.observations].map(([path, column]) => [path, rowsOf(column, 0, rows)]));
}

/** The extras that aren't told as success or intended actions too. */
function untold({ extras, success, intendedActions }: WholeEpisode): Columns {
  const isTold = (name: string) =>
    (success && name === SUCCESS_INFO) ||
    (intendedActions && (name === INTENDED_INFO || name.startsWith(`${INTENDED_INFO}/`)));
  return new Map([...extras].filter(([name]) => !isTold(infoName(name))));
}

function presence(part: string, before: boolean, after: boolean): Finding[] {
  if (!before && !after) return [];
  if (before && after) return [{ part, fate: 'kept' }];
  return [{ part, fate: before ? 'lost' : 'added' }];
}

function compareFlags(part: string, before: Uint8Array, after: Uint8Array): Finding[] {
  const last = before.length - 1;
  const early = before.findIndex((flag, step) => flag !== after[step] && step < last);
  const findings: Finding[] = early >= 0 ? [{ part, fate: 'lost', how: 'before the last step' }] : [];
  if (before[last] === 1 || after[last] === 1) {
    findings.push(...presence(part, before[last] === 1, after[last] === 1));
  } else if (early < 0) {
    findings.push({ part, fate: 'kept' });
  }
  return findings;
}

function alone(rewards: WholeEpisode['rewards']): ReadonlyMap<string, NonNullable<WholeEpisode['rewards']>> {
  return new Map(rewards ? [['', rewards]] : []);
}
