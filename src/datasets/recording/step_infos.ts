import { type Column, type NumberType, newNumbers, numberTypeOf } from '../column.js';

/** A value that belongs to a step: a number (whole ones of 64 bits as bigint), a flag, a text, or a row of numbers. */
export type InfoValue = number | bigint | boolean | string | ArrayLike<number> | ArrayLike<bigint>;

/** Values of one step by their names. Steps may have other names than those before. */
export type StepInfos = Readonly<Record<string, InfoValue>>;

/** A type of values: of numbers or texts, and the size of a row; null for single values. */
interface Kind {
  dtype: NumberType | 'string';
  width: number | null;
}

interface Collected {
  kind: Kind;
  /** The values by their steps. */
  values: Map<number, InfoValue>;
}

/**
 * Collects the values that come with the steps of an episode, and makes columns of them. Whatever comes, it goes on: a step that lacks
 * a value of others is filled, and a column `<name>_recorded` says where; a value of another kind than those before is left out.
 */
export class InfoColumns {
  private readonly collected = new Map<string, Collected>();
  private readonly left = new Set<string>();

  /** Takes the values of a step. */
  add(step: number, infos: StepInfos): void {
    for (const [name, value] of Object.entries(infos)) {
      const kind = kindOf(value);
      const known = this.collected.get(name);
      if (kind === null || (known && !isSame(known.kind, kind))) {
        const what = kind === null ? 'nothing that can be recorded' : kindText(kind);
        this.left.add(`${name}: ${what}${known ? `, ${kindText(known.kind)} before` : ''}`);
        continue;
      }
      const { values } = known ?? { values: new Map<number, InfoValue>() };
      // An array may be used again by whoever gave it.
      values.set(
        step,
        typeof value === 'object'
          ? (Array.from<number | bigint>(value as ArrayLike<number>) as number[])
          : value,
      );
      if (!known) this.collected.set(name, { kind, values });
    }
  }

  /** Values that were left out, and why. */
  get leftOut(): string[] {
    return [...this.left];
  }

  /** The columns of an episode of so many steps, by their names in `infos`. */
  columns(length: number): Map<string, Column> {
    const columns = new Map<string, Column>();
    for (const [name, { kind, values }] of this.collected) {
      columns.set(`infos/${name}`, columnOf(kind, values, length));
      if (values.size === length) continue;
      const recorded = Uint8Array.from({ length }, (_, step) => (values.has(step) ? 1 : 0));
      columns.set(`infos/${name}_recorded`, { dtype: 'bool', shape: [length], data: recorded });
    }
    return columns;
  }
}

function columnOf({ dtype, width }: Kind, values: ReadonlyMap<number, InfoValue>, length: number): Column {
  if (dtype === 'string') {
    const data = Array.from({ length }, (_, step) => (values.get(step) ?? '') as string);
    return { dtype, shape: [length], data };
  }
  const data = newNumbers(dtype, length * (width ?? 1));
  if (data instanceof Float32Array || data instanceof Float64Array) data.fill(Number.NaN);
  for (const [step, value] of values) {
    const row = typeof value === 'object' ? value : [value];
    // All are numbers of this type, which TypeScript can't tell.
    (data as Float64Array).set(row as ArrayLike<number>, step * (width ?? 1));
  }
  return { dtype, shape: width === null ? [length] : [length, width], data };
}

function kindOf(value: unknown): Kind | null {
  switch (typeof value) {
    case 'number':
      return { dtype: 'float64', width: null };
    case 'boolean':
      return { dtype: 'bool', width: null };
    case 'string':
      return { dtype: 'string', width: null };
    case 'bigint':
      return BigInt.asIntN(64, value) === value ? { dtype: 'int64', width: null } : null;
    default:
      return rowKind(value);
  }
}

function rowKind(value: unknown): Kind | null {
  if (ArrayBuffer.isView(value)) {
    const dtype = numberTypeOf(value);
    return dtype && { dtype, width: (value as unknown as ArrayLike<number>).length };
  }
  const isRow = Array.isArray(value) && value.every((part) => typeof part === 'number');
  return isRow ? { dtype: 'float64', width: value.length } : null;
}

function isSame(a: Kind, b: Kind): boolean {
  return a.dtype === b.dtype && a.width === b.width;
}

function kindText({ dtype, width }: Kind): string {
  return width === null ? dtype : `${dtype} [${width}]`;
}
