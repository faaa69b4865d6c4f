import { z } from 'zod';
import { UserError } from '../../../errors.js';
import { ACTION_SCALE, boundsOfScales } from '../../action_scale.js';
import { checkJson, parseJsonText } from '../../checked_json.js';
import { rowSize } from '../../column.js';
import type { DatasetHead, DeclaredColumn } from '../../dataset.js';
import type { MetadataValue } from '../../metadata.js';
import type { Hdf5File } from '../../storage/hdf5.js';
import { named } from '../../wording.js';

/** The group of all demonstrations, and that of the named selections of them. */
export const DATA = 'data';
export const MASK = 'mask';
/** The attribute of `data` with the environment, as JSON in a text. */
export const ENV_ARGS = 'env_args';

/** Arrays of a demonstration that are told as parts of the episode. The last four are additions of ours, which robomimic passes over. */
export const OWN_ARRAYS = [
  'actions',
  'rewards',
  'terminated',
  'truncated',
  'success',
  'intended_actions',
] as const;

/** Attributes of a demonstration that are told in other words. `seed` is an addition of ours. */
export const OWN_ATTRIBUTES: readonly string[] = ['num_samples', 'seed'];

/** True for names within a demonstration that further arrays can't have. */
export function isReserved(name: string): boolean {
  return (OWN_ARRAYS as readonly string[]).includes(name) || /^(next_)?obs(\/|$)/.test(name);
}

/** The name of observations that are one array, as robomimic's own converters call it. */
export const ONE_ARRAY = 'flat';

const DEMO = /^demo_(\d+)$/;
const envArgsSchema = z.looseObject({ env_name: z.string().nullish() });

/** Contents of a file beside its demonstrations, and the names of these in the order of their numbers. */
export type RobomimicLayout = Required<
  Pick<DatasetHead, 'envId' | 'ids' | 'declared' | 'facts' | 'metadata' | 'notes' | 'problems'>
>;

/** Reads the attributes and masks of a file. Throws a UserError if it has no demonstrations, or `env_args` are nonsense. */
export function readLayout(file: Hdf5File): RobomimicLayout {
  const names = file.keys(DATA);
  // HDF5 lists them by the alphabet: demo_0, demo_1, demo_10, demo_2.
  const ids = names
    .filter((name) => DEMO.test(name))
    .sort((a, b) => Number(DEMO.exec(a)![1]) - Number(DEMO.exec(b)![1]));
  if (ids.length === 0) throw new UserError(`${file.path}: ${DATA} holds no demo_<number>`);
  const attributes = new Map(file.attributes(DATA));
  const total = attributes.get('total');
  const declared = declaredActions(file, ids[0], attributes.get(ACTION_SCALE));
  attributes.delete('total');
  attributes.delete(ACTION_SCALE);
  const args = attributes.get(ENV_ARGS);
  const envId = typeof args === 'string' ? envNameOf(file.path, args) : null;
  const { masks, notes } = readMasks(file, ids);
  const unread = [
    ...file.keys('').filter((name) => name !== DATA && name !== MASK),
    ...names.filter((name) => !DEMO.test(name)).map((name) => `${DATA}/${name}`),
  ];
  return {
    envId,
    ids,
    declared,
    facts: [
      ['task', envId ?? 'unknown'],
      ...(masks.size > 0 ? [['masks', [...masks].map(maskText).join(', ')] as const] : []),
    ],
    metadata: new Map([...attributes, ...masks]),
    notes: [
      ...(args === undefined
        ? [`${DATA} has no ${ENV_ARGS}: not known in which environment it was recorded`]
        : []),
      ...notes,
      ...(unread.length > 0 ? [`not read, as it is not known what they are: ${named(unread)}`] : []),
    ],
    problems: totalProblem(file, ids, total),
  };
}

/** Bounds of actions by an attribute `action_scale`, which is an addition of ours. */
function declaredActions(
  file: Hdf5File,
  id: string,
  scale: MetadataValue | undefined,
): Map<string, DeclaredColumn> {
  const name = `${DATA}/${id}/actions`;
  if (scale === undefined || file.kind(name) !== 'array') return new Map();
  const { dtype, shape } = file.columnType(name);
  const bounds = boundsOfScales([scale].flat().map(Number), rowSize({ dtype, shape }));
  if (bounds) return new Map([['actions', { dtype, shape: shape.slice(1), bounds }]]);
  throw new UserError(
    `${file.path}: attribute ${ACTION_SCALE} of ${DATA} is ${scale}; expected a positive number, or one for each of an action`,
  );
}

function envNameOf(path: string, text: string): string | null {
  const place = `${path}: attribute ${ENV_ARGS} of ${DATA}`;
  return checkJson(place, envArgsSchema, parseJsonText(place, text)).env_name ?? null;
}

/** Masks as metadata: under `mask/<name>` the places of its demonstrations in the dataset, whose numbers may have gaps. */
function readMasks(
  file: Hdf5File,
  ids: readonly string[],
): { masks: Map<string, readonly number[]>; notes: string[] } {
  const masks = new Map<string, readonly number[]>();
  const notes: string[] = [];
  for (const name of file.kind(MASK) === 'group' ? file.arrays(MASK) : []) {
    const { dtype, data } = file.readColumn(`${MASK}/${name}`);
    if (dtype !== 'string') {
      notes.push(`not read: ${MASK}/${name} is ${dtype}; expected texts`);
      continue;
    }
    const unknown = data.filter((demo) => !ids.includes(demo));
    if (unknown.length > 0) {
      notes.push(`${MASK}/${name} names demonstrations that are not there: ${named(unknown)}`);
    }
    masks.set(
      `${MASK}/${name}`,
      data.map((demo) => ids.indexOf(demo)).filter((place) => place >= 0),
    );
  }
  return { masks, notes };
}

function maskText([name, places]: readonly [string, readonly number[]]): string {
  return `${name.slice(MASK.length + 1)} ${places.length}`;
}

/** Contradiction between the total of steps and the demonstrations; those that can't be read are told elsewhere. */
function totalProblem(file: Hdf5File, ids: readonly string[], total: MetadataValue | undefined): string[] {
  if (total === undefined) return [];
  const lengths = ids.map((id) => {
    const name = `${DATA}/${id}/actions`;
    return file.kind(name) === 'array' ? (file.shape(name)[0] ?? 0) : 0;
  });
  const steps = lengths.reduce((sum, length) => sum + length, 0);
  if (Number(total) === steps) return [];
  return [
    `${file.path}: the attribute total of ${DATA} says ${total} steps; its demonstrations have ${steps}`,
  ];
}
