import JSON5 from 'json5';
import { z } from 'zod';
import { columnName } from '../../column.js';
import type { DeclaredColumn } from '../../dataset.js';

const numbers = z.array(z.custom<number>((value) => typeof value === 'number', 'expected a number'));
const sizes = z.array(z.int().nonnegative());
/** Arrays as deep as the space has axes. */
const bound = z
  .unknown()
  .transform((value) => [value].flat(Number.POSITIVE_INFINITY) as unknown[])
  .pipe(numbers);

/** A Gymnasium space as minari writes it. */
export const spaceSchema = z.discriminatedUnion('type', [
  z
    .object({ type: z.literal('Box'), dtype: z.string(), shape: sizes, low: bound, high: bound })
    .refine(hasAllBounds, 'expected a low and a high for each number of its shape'),
  z.object({ type: z.literal('Discrete'), n: z.int() }),
  z.object({ type: z.literal('MultiDiscrete'), dtype: z.string().default('int64'), nvec: bound }),
  z.object({ type: z.literal('MultiBinary'), n: z.union([z.int().transform((n) => [n]), sizes]) }),
  z.object({ type: z.literal('Text') }),
  z.object({
    type: z.literal('Dict'),
    get subspaces(): z.ZodRecord<z.ZodString, typeof spaceSchema> {
      return z.record(z.string(), spaceSchema);
    },
  }),
  z.object({
    type: z.literal('Tuple'),
    get subspaces(): z.ZodArray<typeof spaceSchema> {
      return z.array(spaceSchema);
    },
  }),
]);

type Space = z.output<typeof spaceSchema>;

function hasAllBounds({ shape, low, high }: { shape: number[]; low: number[]; high: number[] }): boolean {
  const size = shape.reduce((product, axis) => product * axis, 1);
  return low.length === size && high.length === size;
}

/** Columns of a space by their full names. The parts of a Tuple are `_0`, `_1`, … */
export function declaredColumns(name: string, space: Space): [string, DeclaredColumn][] {
  switch (space.type) {
    case 'Box':
      return [
        [name, { dtype: space.dtype, shape: space.shape, bounds: { low: space.low, high: space.high } }],
      ];
    case 'Discrete':
      return [[name, { dtype: 'int64', shape: [], bounds: null }]];
    case 'MultiDiscrete':
      return [[name, { dtype: space.dtype, shape: [space.nvec.length], bounds: null }]];
    case 'MultiBinary':
      return [[name, { dtype: 'int8', shape: space.n, bounds: null }]];
    case 'Text':
      return [[name, { dtype: 'string', shape: [], bounds: null }]];
    case 'Dict':
      return Object.entries(space.subspaces).flatMap(([key, part]) =>
        declaredColumns(columnName(name, key), part),
      );
    case 'Tuple':
      return space.subspaces.flatMap((part, index) => declaredColumns(columnName(name, `_${index}`), part));
    default:
      return space satisfies never;
  }
}

/** Columns of a space that is given as a text; null if the text is none. */
export function columnsOfSpace(part: string, text: string): Map<string, DeclaredColumn> | null {
  try {
    return new Map(declaredColumns(part, spaceSchema.parse(JSON5.parse(text))));
  } catch {
    return null;
  }
}
