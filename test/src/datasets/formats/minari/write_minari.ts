import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { File } from 'h5wasm/node';
import { loadHdf5 } from '../../../../../src/datasets/storage/hdf5.js';

/** An array as it is written. */
export interface StoredArray {
  data: Float32Array | Float64Array | Int8Array | Uint8Array | BigInt64Array | string[];
  shape: number[];
}

export interface MinariFiles {
  /** Arrays of each episode by their paths, by the name of its group. */
  episodes: Record<string, Record<string, StoredArray>>;
  seeds: Record<string, bigint>;
  metadata: Record<string, unknown>;
}

const LENGTH = 3;

/** Episodes of three steps: the first terminates, the others are cut off. Actions are in [−1, 1]. */
export function soundMinari(count = 3): MinariFiles {
  const rows = (size: number, from: number) =>
    Float32Array.from({ length: size }, (_, i) => (from + i) / 100);
  const names = Array.from({ length: count }, (_, i) => `episode_${i}`);
  return {
    episodes: Object.fromEntries(
      names.map((name, i) => [
        name,
        {
          observations: { data: rows((LENGTH + 1) * 2, i), shape: [LENGTH + 1, 2] },
          actions: { data: rows(LENGTH, -i), shape: [LENGTH, 1] },
          rewards: { data: Float64Array.from([0.1, 0.2, i]), shape: [LENGTH] },
          terminations: { data: Int8Array.of(0, 0, i === 0 ? 1 : 0), shape: [LENGTH] },
          truncations: { data: Int8Array.of(0, 0, i === 0 ? 0 : 1), shape: [LENGTH] },
        },
      ]),
    ),
    seeds: Object.fromEntries(names.map((name, i) => [name, 18446744073709551615n - BigInt(i)])),
    metadata: {
      total_episodes: count,
      total_steps: count * LENGTH,
      data_format: 'hdf5',
      observation_space:
        '{"type": "Box", "dtype": "float32", "shape": [2], "low": [-Infinity, -1], "high": [Infinity, 1]}',
      action_space: '{"type": "Box", "dtype": "float32", "shape": [1], "low": [-1.0], "high": [1.0]}',
      env_spec: '{"id": "Pendulum-v1"}',
      dataset_id: 'tests/sound-v0',
    },
  };
}

/** Writes a dataset to the folder `path`, as minari does; gives the path. */
export async function writeMinari(path: string, { episodes, seeds, metadata }: MinariFiles): Promise<string> {
  const folder = join(path, 'data');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'metadata.json'), JSON.stringify(metadata));
  await loadHdf5();
  const file = new File(join(folder, 'main_data.hdf5'), 'w');
  for (const [name, arrays] of Object.entries(episodes)) {
    const group = file.create_group(name);
    if (seeds[name] !== undefined) group.create_attribute('seed', BigUint64Array.of(seeds[name]), [], '<Q');
    for (const [part, array] of Object.entries(arrays)) {
      const groups = part.split('/').slice(0, -1);
      for (const depth of groups.keys()) {
        const path = [name, ...groups.slice(0, depth + 1)].join('/');
        if (!file.get(path)) file.create_group(path);
      }
      file.create_dataset({ name: `${name}/${part}`, ...array });
    }
  }
  file.close();
  return path;
}
