import { z } from 'zod';
import { readText } from '../../../files/reading.js';
import { checkJson } from '../../checked_json.js';
import type { DatasetHead, DeclaredColumn } from '../../dataset.js';
import { metadataValue } from '../../metadata.js';
import { parsePythonJson } from '../../python_json.js';
import { declaredColumns, spaceSchema } from './spaces.js';
import { DERIVED_METADATA } from './stored_names.js';

const metadataSchema = z.looseObject({
  data_format: z.enum(['hdf5', 'arrow', 'parquet']).default('hdf5'),
  total_episodes: z.int().nullish(),
  total_steps: z.int().nullish(),
  observation_space: z.string().nullish(),
  action_space: z.string().nullish(),
  env_spec: z.string().nullish(),
  dataset_id: z.string().nullish(),
  algorithm_name: z.string().nullish(),
  minari_version: z.string().nullish(),
});

const envSpecSchema = z.looseObject({ id: z.string().nullish() });

/** The part of a dataset's head that its `metadata.json` tells, and the environment that it was recorded in, if named. */
export type MinariMetadata = Required<
  Pick<DatasetHead, 'declared' | 'totals' | 'facts' | 'notes' | 'metadata'>
> & {
  envId: string | null;
  storage: 'hdf5' | 'arrow' | 'parquet';
};

/** Reads a dataset's metadata. Throws a UserError that names the key at fault, and if the data are stored in an unknown way. */
export function readMetadata(path: string): MinariMetadata {
  const metadata = checkJson(path, metadataSchema, parsePythonJson(path, readText(path)));
  const { observation_space: observations, action_space: actions, env_spec: spec } = metadata;
  // Both are JSON in a text.
  const declared = (
    part: 'observation' | 'action',
    space: string | null | undefined,
  ): [string, DeclaredColumn][] => {
    if (!space) return [];
    const place = `${path}: key "${part}_space"`;
    return declaredColumns(`${part}s`, checkJson(place, spaceSchema, parsePythonJson(place, space)));
  };
  const place = `${path}: key "env_spec"`;
  const envId = (spec && checkJson(place, envSpecSchema, parsePythonJson(place, spec)).id) || null;
  return {
    envId,
    storage: metadata.data_format,
    declared: new Map([...declared('observation', observations), ...declared('action', actions)]),
    metadata: new Map(
      Object.entries(metadata).flatMap(([name, value]) =>
        DERIVED_METADATA.includes(name) || value === undefined ? [] : [[name, metadataValue(value)]],
      ),
    ),
    totals: { episodes: metadata.total_episodes ?? null, steps: metadata.total_steps ?? null },
    facts: [
      ['dataset', metadata.dataset_id ?? 'unknown'],
      ['task', envId ?? 'unknown'],
      ['source', metadata.algorithm_name ?? 'unknown'],
      ['minari', metadata.minari_version ?? 'unknown'],
    ],
    notes:
      observations && actions
        ? []
        : ['metadata.json names no spaces, as before minari 0.5: shapes are those of the data'],
  };
}
