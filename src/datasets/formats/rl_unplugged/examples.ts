import { UserError } from '../../../errors.js';
import type { RecordPlace, Shards } from '../../storage/shards.js';
import { type Feature, parseExample } from '../../storage/tf_example.js';

/** A record, taken apart. */
export interface Example {
  /** Its file and number, for messages. */
  place: string;
  values: ReadonlyMap<string, Feature>;
}

/** Reads a record. Throws a UserError if it is damaged. */
export async function readExample(shards: Shards, at: RecordPlace): Promise<Example> {
  const place = `${at.shard.path}: record ${at.record}`;
  const bytes = await shards.read(at);
  try {
    return { place, values: parseExample(bytes) };
  } catch (error) {
    throw new UserError(`${place} is no tf.train.Example: ${(error as Error).message}`, { cause: error });
  }
}

/** A feature of a record by `decode`. Throws a UserError that names it if it is missing or damaged. */
export function decoded<T>({ place, values }: Example, name: string, decode: (feature: Feature) => T): T {
  const feature = values.get(name);
  if (!feature) throw new UserError(`${place} has no ${name}; it has ${[...values.keys()].join(', ')}`);
  try {
    return decode(feature);
  } catch (error) {
    throw new UserError(`${place}: ${name}: ${(error as Error).message}`, { cause: error });
  }
}
