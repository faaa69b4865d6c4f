import { z } from 'zod';
import { UserError } from '../../../errors.js';
import { readText } from '../../../files/reading.js';
import { checkJson, parseJsonText } from '../../checked_json.js';

/** The ways in which the values of a leaf are stored. */
export type LeafKind = 'numbers' | 'zlib' | 'raw bytes' | 'picture' | 'text' | 'unknown';

/** A leaf of the tree of features. */
export interface Leaf {
  kind: LeafKind;
  /** The type that its numbers have in Python. */
  dtype: string;
  /** Shape of one value; −1 where a size is free. */
  shape: readonly number[];
  /** True within a list in a step, whose lengths differ: its values stand flat, with the lengths beside them. */
  isRagged: boolean;
}

/** The features of a dataset by their names in its records, such as `steps/observation/state`. */
export type Features = ReadonlyMap<string, Leaf>;

const shape = z
  .looseObject({ dimensions: z.array(z.coerce.number().int()).default([]) })
  .default({ dimensions: [] })
  .transform(({ dimensions }) => dimensions);

const nodeSchema = z.looseObject({
  pythonClassName: z.string().default(''),
  get featuresDict(): z.ZodOptional<z.ZodObject<{ features: z.ZodRecord<z.ZodString, typeof nodeSchema> }>> {
    return z.object({ features: z.record(z.string(), nodeSchema) }).optional();
  },
  get sequence(): z.ZodOptional<
    z.ZodObject<{ feature: typeof nodeSchema; length: z.ZodOptional<z.ZodCoercedNumber> }>
  > {
    return z.object({ feature: nodeSchema, length: z.coerce.number().optional() }).optional();
  },
  tensor: z.looseObject({ dtype: z.string(), encoding: z.string().default('none'), shape }).optional(),
  image: z.looseObject({ dtype: z.string().default('uint8'), shape }).optional(),
  text: z.unknown().optional(),
  classLabel: z.unknown().optional(),
});

type Node = z.output<typeof nodeSchema>;

/** Reads `features.json`. Throws a UserError if it is missing, or has no steps. */
export function readFeatures(path: string): Features {
  const root = checkJson(path, nodeSchema, parseJsonText(path, readText(path)));
  const features = new Map(leavesOf(root, '', 0));
  if ([...features.keys()].some((name) => name.startsWith('steps/'))) return features;
  throw new UserError(`${path}: it has no steps, which each episode of RLDS consists of`);
}

/** The leaves below a node, by their names. `lists` is the number of lists that it is in. */
function leavesOf(node: Node, name: string, lists: number): [string, Leaf][] {
  if (node.featuresDict) {
    return Object.entries(node.featuresDict.features).flatMap(([key, child]) =>
      leavesOf(child, name === '' ? key : `${name}/${key}`, lists),
    );
  }
  if (node.sequence) return leavesOf(node.sequence.feature, name, lists + 1);
  return [[name, { ...typeOf(node), isRagged: lists > 1 }]];
}

function typeOf({ tensor, image, text, classLabel, pythonClassName }: Node): Omit<Leaf, 'isRagged'> {
  if (image) return { kind: 'picture', dtype: image.dtype, shape: image.shape };
  if (text) return { kind: 'text', dtype: 'string', shape: [] };
  if (classLabel) return { kind: 'numbers', dtype: 'int64', shape: [] };
  if (!tensor) return { kind: 'unknown', dtype: pythonClassName.split('.').at(-1)!, shape: [] };
  const { dtype, encoding } = tensor;
  const isText = dtype === 'string' || dtype === 'object';
  const kinds: Readonly<Record<string, LeafKind>> = { none: 'numbers', zlib: 'zlib', bytes: 'raw bytes' };
  return { kind: isText ? 'text' : (kinds[encoding.toLowerCase()] ?? 'unknown'), dtype, shape: tensor.shape };
}
