import type { NumberColumn } from '../../../../../src/datasets/column.js';
import type { MetadataValue } from '../../../../../src/datasets/metadata.js';
import { Hdf5Writer } from '../../../../../src/datasets/storage/hdf5_writer.js';

/** A file to be written: arrays and attributes by their paths. */
export interface RobomimicFile {
  arrays: Record<string, NumberColumn>;
  attributes: Record<string, Record<string, MetadataValue>>;
  masks: Record<string, string[]>;
}

/** Rows of a column of which each number is its place, a tenth each. */
export function places(rows: number, width: number, from = 0): NumberColumn {
  const data = Float64Array.from({ length: rows * width }, (_, i) => (from + i) / 10);
  return { dtype: 'float64', shape: width === 1 ? [rows] : [rows, width], data };
}

/** Two demonstrations of three steps, with next observations. */
export function soundRobomimic(demos: readonly string[] = ['demo_0', 'demo_1']): RobomimicFile {
  const file: RobomimicFile = {
    arrays: {},
    attributes: { data: { total: BigInt(3 * demos.length), env_args: '{"env_name": "Lift", "type": 1}' } },
    masks: { train: [demos[0]] },
  };
  for (const demo of demos) {
    file.attributes[`data/${demo}`] = { num_samples: 3n, model_file: '<mujoco/>' };
    Object.assign(file.arrays, {
      [`data/${demo}/actions`]: places(3, 2, -3),
      [`data/${demo}/rewards`]: places(3, 1),
      [`data/${demo}/dones`]: { dtype: 'int64', shape: [3], data: BigInt64Array.of(0n, 0n, 1n) },
      [`data/${demo}/obs/object`]: places(3, 2),
      [`data/${demo}/next_obs/object`]: places(3, 2, 2),
    });
  }
  return file;
}

/** Writes a file; gives its path. */
export async function writeRobomimic(
  path: string,
  { arrays, attributes, masks }: RobomimicFile,
): Promise<string> {
  const file = await Hdf5Writer.create(path, path);
  for (const [name, column] of Object.entries(arrays)) file.array(name, column, { growing: false });
  for (const [group, values] of Object.entries(attributes)) {
    for (const [name, value] of Object.entries(values)) file.attribute(group, name, value);
  }
  for (const [name, demos] of Object.entries(masks)) file.fixedTexts(`mask/${name}`, demos);
  await file.finish();
  return path;
}
