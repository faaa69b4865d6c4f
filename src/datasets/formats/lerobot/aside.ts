import { join } from 'node:path';
import { z } from 'zod';
import { readTextIfThere } from '../../../files/reading.js';
import { checkJson } from '../../checked_json.js';
import { type Metadata, type MetadataValue, metadataJson, metadataValue } from '../../metadata.js';
import { parseExactPythonJson } from '../../python_json.js';

/** A bound, which may be infinite. */
const bound = z.custom<number>((value) => typeof value === 'number', 'expected a number');

const columnSchema = z.object({
  path: z.string().optional(),
  shape: z.array(z.int().nonnegative()).optional(),
  low: z.array(bound).optional(),
  high: z.array(bound).optional(),
});

const asideSchema = z.object({
  env_id: z.string().nullable().default(null),
  columns: z.record(z.string(), columnSchema).default({}),
  metadata: z.record(z.string(), z.unknown()).default({}),
});

/** Facts on what a feature was before: its path in its part, the shape of a row, the bounds of its numbers. Left out where nothing differs. */
export type AsideColumn = z.output<typeof columnSchema>;

/** Facts that LeRobot has no place for. They are in a file of their own, which lerobot passes over: `meta/rlpd.json`. */
export interface Aside {
  envId: string | null;
  /** Columns by the names of features. */
  columns: ReadonlyMap<string, AsideColumn>;
  metadata: Metadata;
}

export function asidePath(root: string): string {
  return join(root, 'meta', 'rlpd.json');
}

/** Reads the file, which datasets of other writers lack. Throws a UserError if it is damaged. */
export function readAside(root: string): Aside {
  const path = asidePath(root);
  const text = readTextIfThere(path);
  const found = checkJson(path, asideSchema, text === null ? {} : parseExactPythonJson(path, text));
  const metadata = Object.entries(found.metadata).map(([name, value]): [string, MetadataValue] => [
    name,
    metadataValue(value),
  ]);
  return {
    envId: found.env_id,
    columns: new Map(Object.entries(found.columns)),
    metadata: new Map(metadata),
  };
}

export function asideJson({ envId, columns, metadata }: Aside): string {
  return metadataJson({
    env_id: envId,
    columns: Object.fromEntries(columns) as Record<string, Record<string, MetadataValue>>,
    metadata: Object.fromEntries(metadata),
  });
}
