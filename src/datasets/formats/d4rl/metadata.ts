import { UserError } from '../../../errors.js';
import type { ActionBounds } from '../../action_range.js';
import { ACTION_SCALE, boundsOfScales } from '../../action_scale.js';
import type { DatasetHead } from '../../dataset.js';
import { type MetadataValue, metadataJson } from '../../metadata.js';
import type { Hdf5File } from '../../storage/hdf5.js';
import { namedValue } from '../../storage/hdf5_values.js';
import { named } from '../../wording.js';

const GROUP = 'metadata';
/** Names of metadata that the head tells in other words. */
export const OWN_METADATA: readonly string[] = ['env_id', ACTION_SCALE];

/** Contents of a file's group `metadata`. */
export interface D4rlMetadata extends Required<Pick<DatasetHead, 'envId' | 'facts' | 'notes' | 'metadata'>> {
  /** Bounds of the numbers of an action, where there is an `action_scale`: −scale to scale. */
  bounds: ActionBounds | null;
}

/** Reads the texts and numbers in `metadata`; a policy's weights there are left alone. Throws a UserError if one is nonsense. */
export function readMetadata(file: Hdf5File, actionDim: number): D4rlMetadata {
  const names = file.kind(GROUP) === 'group' ? file.arrays(GROUP) : [];
  const metadata = new Map<string, MetadataValue>();
  const arrays: string[] = [];
  for (const name of names) {
    const value = file.readScalar(`${GROUP}/${name}`);
    if (value === null) arrays.push(`${GROUP}/${name}`);
    else metadata.set(...namedValue(name, value));
  }
  const envId = String(metadata.get('env_id') ?? '') || null;
  const others = [...metadata].filter(([name]) => name !== 'env_id' && name !== 'algorithm');
  for (const name of OWN_METADATA) metadata.delete(name);
  const unread = arrays.filter((name) => name !== `${GROUP}/${ACTION_SCALE}`);
  return {
    envId,
    facts: [
      ['task', envId ?? 'unknown'],
      ['source', String(metadata.get('algorithm') ?? '') || 'unknown'],
      ...(others.length > 0
        ? [[GROUP, others.map(([name, value]) => `${name} ${shown(value)}`).join(', ')] as const]
        : []),
    ],
    notes: unread.length > 0 ? [`not read, as it is not known what they are: ${named(unread)}`] : [],
    metadata,
    bounds: names.includes(ACTION_SCALE) ? boundsOf(file, actionDim) : null,
  };
}
/** One scale for all numbers of an action, or one each. */
function boundsOf(file: Hdf5File, actionDim: number): ActionBounds {
  const name = `${GROUP}/${ACTION_SCALE}`;
  const scalar = file.readScalar(name);
  const scales =
    scalar === null ? Array.from(file.readRows(name, 0, file.shape(name)[0]).data, Number) : [Number(scalar)];
  const bounds = boundsOfScales(scales, actionDim);
  if (bounds) return bounds;
  throw new UserError(
    `${file.path}: ${name} is ${scales.join(', ')}; expected a positive number, or one for each of the ${actionDim} of an action`,
  );
}

/** A value for people; of long ones the beginning. */
function shown(value: MetadataValue): string {
  const text = typeof value === 'string' ? value : metadataJson(value);
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}…`;
}

const MAX_SHOWN = 80;
