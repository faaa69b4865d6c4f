import { createHash, type Hash } from 'node:crypto';
import { type Column, columnName } from '../column.js';
import { metadataJson } from '../metadata.js';
import type { WholeEpisode } from '../whole_episode.js';

/** The SHA-256 of everything in an episode but its name: two episodes have the same only if they are the same to the bit. */
export function episodeDigest(episode: WholeEpisode): Buffer {
  const hash = createHash('sha256');
  for (const [name, part] of partsOf(episode)) {
    hash.update(`${name}\0`);
    if (typeof part === 'string') hash.update(part);
    else addColumn(hash, part);
  }
  return hash.digest();
}

/** Names of the parts that differ between two episodes. */
export function differingParts(a: WholeEpisode, b: WholeEpisode): string[] {
  const [ofA, ofB] = [a, b].map((episode) => new Map(partsOf(episode)));
  const names = new Set([...ofA.keys(), ...ofB.keys()]);
  return [...names].filter((name) => partDigest(ofA.get(name)) !== partDigest(ofB.get(name)));
}

/** The parts of an episode by their names, in an order that is the same whatever the order of columns. */
function partsOf(episode: WholeEpisode): [name: string, part: Column | string][] {
  const { length, seed, hasFinalObservation, terminated, truncated, success, rewards } = episode;
  const flags = (data: Uint8Array): Column => ({ dtype: 'bool', shape: [length], data });
  const columns = (part: string, of: ReadonlyMap<string, Column>) =>
    [...of].map(([path, column]): [string, Column] => [columnName(part, path), column]);
  const named: [string, Column | string][] = [
    ['length', String(length)],
    ['seed', String(seed)],
    ['final observation', String(hasFinalObservation)],
    ['terminated', flags(terminated)],
    ['truncated', flags(truncated)],
    ...(success ? [['success', flags(success)] as [string, Column]] : []),
    ...(rewards ? [['rewards', rewards] as [string, Column]] : []),
    ...columns('observations', episode.observations),
    ...columns('actions', episode.actions),
    ...columns('intended actions', episode.intendedActions ?? new Map()),
    ...columns('extras', episode.extras),
    ...[...episode.metadata].map(([name, value]): [string, string] => [
      `metadata ${name}`,
      metadataJson(value),
    ]),
  ];
  return named.sort(([x], [y]) => (x < y ? -1 : 1));
}

function partDigest(part: Column | string | undefined): string | undefined {
  if (part === undefined || typeof part === 'string') return part;
  const hash = createHash('sha256');
  addColumn(hash, part);
  return hash.digest('hex');
}

function addColumn(hash: Hash, { dtype, shape, data }: Column): void {
  hash.update(`${dtype}[${shape.join()}]`);
  if (ArrayBuffer.isView(data)) {
    hash.update(data);
    return;
  }
  for (const row of data) {
    hash.update(`${typeof row === 'string' ? Buffer.byteLength(row) : row.length}:`);
    hash.update(row);
  }
}
