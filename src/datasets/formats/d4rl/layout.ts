import { UserError } from '../../../errors.js';
import { type ColumnType, isNumberType, rowSize, rowText } from '../../column.js';
import type { Hdf5File } from '../../storage/hdf5.js';
import { named } from '../../wording.js';

const NEEDED = ['observations', 'actions', 'rewards', 'terminals'] as const;
const OPTIONAL = ['timeouts', 'next_observations'] as const;
/** Arrays with one number a step. Old files have them as [rows, 1]. */
const SINGLE = ['rewards', 'terminals', 'timeouts'] as const;
const INFOS = 'infos';
const METADATA = 'metadata';
/** The group of a file that is cut into pieces: `virtual/0/observations`. No episode goes on from one to the next. */
const PIECES = 'virtual';

/** Arrays of steps with one row each, which stand together in a file. */
export interface Piece {
  /** Begins the names of its arrays; empty, or `virtual/0/`. */
  prefix: string;
  rows: number;
  hasTimeouts: boolean;
  hasNextObservations: boolean;
  /** Names, within the piece, of arrays that were recorded besides. */
  infos: string[];
}

/** The pieces of a file, which is one piece usually, and the names of all that no reader here knows. */
export interface Layout {
  pieces: Piece[];
  unread: string[];
}

/** True if there is one of D4RL's arrays in a file. */
export function looksLikeD4rl(file: Hdf5File): boolean {
  const arrays: readonly string[] = [...NEEDED, ...OPTIONAL];
  const names = file.keys('');
  return names.includes(PIECES) || names.some((name) => arrays.includes(name));
}

/** Finds the arrays. Throws a UserError if needed ones are missing, have no rows, or not as many or as wide ones as they should. */
export function readLayout(file: Hdf5File): Layout {
  const names = file.keys('');
  const isCut = !names.includes('observations') && file.kind(PIECES) === 'group';
  if (!isCut) {
    const { piece, unread } = readPiece(file, '');
    return { pieces: [piece], unread };
  }
  // HDF5 lists them by the alphabet: 0, 1, 10, 2.
  const numbers = file.keys(PIECES).toSorted((a, b) => Number(a) - Number(b));
  if (numbers.length === 0) throw new UserError(`${file.path}: the group ${PIECES} is empty`);
  const found = numbers.map((number) => readPiece(file, `${PIECES}/${number}/`));
  const beside = names.filter((name) => name !== PIECES && name !== METADATA);
  return {
    pieces: found.map(({ piece }) => piece),
    unread: [...beside, ...found.flatMap(({ unread }) => unread)],
  };
}

function readPiece(file: Hdf5File, prefix: string): { piece: Piece; unread: string[] } {
  const names = file.keys(prefix.slice(0, -1));
  const isThere = (name: string) => file.kind(`${prefix}${name}`) === 'array';
  const missing = NEEDED.filter((name) => !isThere(name));
  if (missing.length > 0) {
    throw new UserError(
      `${file.path}: no ${missing.map((name) => prefix + name).join(', ')}; it has ${named(names)}`,
    );
  }
  const arrays = [...NEEDED, ...OPTIONAL.filter(isThere)];
  const types = new Map<string, ColumnType>(arrays.map((name) => [name, file.numbersType(prefix + name)]));
  const [rows = 0] = types.get('observations')!.shape;
  checkTypes(`${file.path}: ${prefix}`, types, rows);
  const groups = [INFOS, ...(prefix === '' ? [METADATA] : [])].filter(
    (name) => file.kind(prefix + name) === 'group',
  );
  const infos = groups.includes(INFOS)
    ? file.arrays(`${prefix}${INFOS}`).map((path) => `${INFOS}/${path}`)
    : [];
  const isRead = (name: string) => {
    const { dtype, shape } = file.columnType(prefix + name);
    return isNumberType(dtype) && shape[0] === rows;
  };
  const known: readonly string[] = [...arrays, ...groups];
  const others = [...names.filter((name) => !known.includes(name)), ...infos.filter((name) => !isRead(name))];
  const piece = {
    prefix,
    rows,
    hasTimeouts: types.has('timeouts'),
    hasNextObservations: types.has('next_observations'),
    infos: infos.filter(isRead),
  };
  return { piece, unread: others.map((name) => prefix + name) };
}

function checkTypes(place: string, types: ReadonlyMap<string, ColumnType>, rows: number): void {
  if (rows === 0) throw new UserError(`${place}observations has no rows: there are no steps`);
  for (const [name, type] of types) {
    const [found] = type.shape;
    if (found !== rows)
      throw new UserError(`${place}${name} has ${found ?? 'no'} rows; observations has ${rows}`);
    if ((SINGLE as readonly string[]).includes(name) && rowSize(type) !== 1) {
      throw new UserError(`${place}${name} has shape [${type.shape.join(', ')}]; expected [${rows}]`);
    }
  }
  const [observations, next] = ['observations', 'next_observations'].map((name) => types.get(name));
  if (observations && next && rowText(observations) !== rowText(next)) {
    throw new UserError(
      `${place}next_observations has rows of ${rowText(next)}; expected ${rowText(observations)}, as observations has`,
    );
  }
}
