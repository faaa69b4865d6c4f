import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readError } from '../../../files/problems.js';
import { checkJson, parseJsonText } from '../../checked_json.js';
import type { DeclaredColumn } from '../../dataset.js';
import type { WrittenHead } from '../../format_writer.js';
import { type MetadataValue, metadataValue } from '../../metadata.js';
import { parseTaggedJson, taggedJson } from './tagged_json.js';

/** The name of the file by which a recording is known. */
export const HEAD_FILE = 'recording.json';

/** Facts about a recording that are known before its episodes. */
export interface RecordingHead extends WrittenHead {
  /** The name of the format that the recording is to become, as the command line has it. */
  becomes: string;
}

const numbers = z.array(z.number());
const schema = z.object({
  recording: z.literal(1),
  becomes: z.string(),
  environment: z.string().nullable(),
  declared: z.record(
    z.string(),
    z.object({
      dtype: z.string(),
      shape: z.array(z.int().min(0)),
      bounds: z.object({ low: numbers, high: numbers }).nullable(),
    }),
  ),
  metadata: z.record(z.string(), z.unknown()),
});

/** The text of a recording's head. */
export function headText({ becomes, envId, declared, metadata }: RecordingHead): string {
  const columns = [...declared].map(([name, { dtype, shape, bounds }]): [string, MetadataValue] => [
    name,
    { dtype, shape, bounds: bounds && { low: bounds.low, high: bounds.high } },
  ]);
  const head: MetadataValue = {
    recording: 1,
    becomes,
    environment: envId,
    declared: Object.fromEntries(columns),
    metadata: Object.fromEntries(metadata ?? []),
  };
  return `${taggedJson(head, 2)}\n`;
}

/** Reads the head of the recording in a folder. Throws a UserError that names the file if it is not as it should be. */
export function readHead(folder: string): RecordingHead {
  const path = join(folder, HEAD_FILE);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw readError(path, error);
  }
  const { becomes, environment, declared, metadata } = checkJson(
    path,
    schema,
    parseJsonText(path, text, parseTaggedJson),
  );
  return {
    becomes,
    envId: environment,
    declared: new Map<string, DeclaredColumn>(Object.entries(declared)),
    metadata: new Map(Object.entries(metadata).map(([name, value]) => [name, metadataValue(value)])),
  };
}
