import { z } from 'zod';
import { UserError } from '../../../errors.js';
import { checkJson } from '../../checked_json.js';
import { type Metadata, type MetadataValue, metadataValue, NO_METADATA } from '../../metadata.js';
import { parseExactPythonJson } from '../../python_json.js';
import type { StoredColumn, Table } from '../../storage/table.js';
import type { PlacedEpisode } from './placed_episode.js';

/** Columns of ours in the table of episodes, which lerobot passes over. */
export const SEED = 'rlpd/seed';
export const METADATA = 'rlpd/metadata';
/** Prefix of the columns with what features are after an episode's last step. */
export const FINAL = 'rlpd/final/';

type Entry = PlacedEpisode['entry'];

/** The seed of an episode; null where none is recorded. Throws a UserError if it is no whole number. */
export async function seedOf(entry: Entry): Promise<bigint | null> {
  const text = await textOf(entry, SEED);
  if (text === null) return null;
  if (/^-?\d+$/.test(text)) return BigInt(text);
  throw new UserError(
    `${entry!.table.path}: ${SEED} is "${text}" in row ${entry!.row}; expected a whole number`,
  );
}

export async function metadataOfEntry(entry: Entry): Promise<Metadata> {
  const text = await textOf(entry, METADATA);
  if (text === null) return NO_METADATA;
  const place = `${entry!.table.path}: ${METADATA}, row ${entry!.row}`;
  const values = checkJson(place, z.record(z.string(), z.unknown()), parseExactPythonJson(place, text));
  return new Map(
    Object.entries(values).map(([name, value]): [string, MetadataValue] => [name, metadataValue(value)]),
  );
}

/** Names of the features of which the observation after the last step is recorded, in any episode. */
export function hasFinal(entry: Entry, feature: string): boolean {
  return (
    entry?.table.names.some((name) => name === FINAL + feature || name === `${FINAL}${feature}/bytes`) ??
    false
  );
}

/** A feature's row after the last step of an episode; null where it is not recorded. */
export async function finalRow(entry: Entry, column: string): Promise<StoredColumn | null> {
  return entry?.table.names.includes(column) ? rowOf(entry.table, column, entry.row) : null;
}

async function rowOf(table: Table, name: string, row: number): Promise<StoredColumn | null> {
  const stored = await table.column(name, row, row + 1);
  return stored.empty.length > 0 ? null : stored;
}

async function textOf(entry: Entry, name: string): Promise<string | null> {
  const stored = await finalRow(entry, name);
  if (stored === null) return null;
  const { dtype, data } = stored.column;
  if (dtype === 'string') return data[0] as string;
  throw new UserError(`${entry!.table.path}: ${name} is ${dtype}; expected texts`);
}
