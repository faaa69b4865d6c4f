import { writeFile } from 'node:fs/promises';
import { File } from 'h5wasm/node';
import { ManiSkillDataset } from '../../../../../src/datasets/formats/maniskill/reader.js';
import { loadHdf5 } from '../../../../../src/datasets/storage/hdf5.js';
import { demoFixture } from './fixtures.js';

/** Numbers or flags as they are written, whatever their type. */
export interface OddArray {
  data: Float32Array | Float64Array | Int32Array | BigInt64Array | Int8Array | string[];
  shape: number[];
}

/** The arrays of an episode by their paths in its group; null is an empty group. */
export type OddEpisode = Record<string, OddArray | null>;

/** The json's entry of an episode. */
export type OddEntry = Record<string, unknown>;

export interface OddDataset {
  /** Episodes by the names of their groups. */
  episodes: Record<string, OddEpisode>;
  /** The json: its head, and its episodes. */
  info: Record<string, unknown>;
  entries: OddEntry[];
  generator?: Record<string, unknown>;
}

/** The last three steps of the three episodes of the fixture `pick_cube`, which are successes. */
export async function soundDataset(): Promise<OddDataset> {
  const dataset = await ManiSkillDataset.open(demoFixture('pick_cube'));
  const sound: OddDataset = {
    episodes: {},
    info: {
      env_id: 'PickCube-v1',
      env_kwargs: { obs_mode: 'state', control_mode: 'pd_joint_delta_pos', reward_mode: 'normalized_dense' },
      max_episode_steps: 50,
    },
    entries: [],
  };
  for (const record of dataset.record.episodes) {
    const { episodeId, observations, actions, rewards, success, terminated, truncated } =
      dataset.read(record);
    const { actors, articulations } = dataset.readEnvStates(record)!;
    const states = Object.entries({
      ...prefixed('actors', actors),
      ...prefixed('articulations', articulations),
    });
    sound.episodes[`traj_${episodeId}`] = {
      obs: lastRows(observations, 4, 42),
      actions: lastRows(actions, 3, 8),
      rewards: { data: rewards!.slice(-3), shape: [3] },
      success: flags(...success.slice(-3)),
      terminated: flags(...terminated.slice(-3)),
      truncated: flags(...truncated.slice(-3)),
      ...Object.fromEntries(
        states.map(([name, data]) => [name, lastRows(data, 4, name.includes('panda') ? 31 : 13)]),
      ),
    };
    sound.entries.push({
      episode_id: episodeId,
      episode_seed: episodeId,
      control_mode: 'pd_joint_delta_pos',
      elapsed_steps: 3,
      reset_kwargs: { options: null, seed: episodeId },
      success: true,
    });
  }
  dataset.close();
  return sound;
}

export function floats(...shape: number[]): { data: Float32Array; shape: number[] } {
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  return { data: new Float32Array(size).fill(0.5), shape };
}

export function flags(...values: number[]): OddArray {
  return { data: Int8Array.from(values), shape: [values.length] };
}

/** A copy of `array` with `value` at `index`. */
export function spoilt(array: OddArray | null | undefined, index: number, value: number): OddArray {
  const { data, shape } = array!;
  return { data: (data as Float32Array).with(index, value), shape };
}

/** An episode without these arrays and groups. */
export function without(episode: OddEpisode, ...parts: string[]): OddEpisode {
  return Object.fromEntries(
    Object.entries(episode).filter(
      ([name]) => !parts.some((part) => name === part || name.startsWith(`${part}/`)),
    ),
  );
}

/** Writes `<path>.h5` and its json; gives the path of the former. */
export async function writeOddDataset(path: string, dataset: OddDataset): Promise<string> {
  await loadHdf5();
  const { episodes, info, entries, generator = {} } = dataset;
  const file = new File(`${path}.h5`, 'w');
  const createGroup = (name: string) => {
    if (file.get(name) === null) file.create_group(name);
  };
  for (const [group, arrays] of Object.entries(episodes)) {
    createGroup(group);
    for (const [name, array] of Object.entries(arrays)) {
      const parents = `${group}/${name}`.split('/').slice(0, -1);
      parents.forEach((_, depth) => {
        createGroup(parents.slice(0, depth + 1).join('/'));
      });
      if (array === null) createGroup(`${group}/${name}`);
      else file.create_dataset({ name: `${group}/${name}`, ...array });
    }
  }
  file.close();
  await writeFile(`${path}.json`, JSON.stringify({ env_info: info, generator, episodes: entries }));
  return `${path}.h5`;
}

function prefixed(prefix: string, parts: Record<string, Float32Array>): Record<string, Float32Array> {
  return Object.fromEntries(
    Object.entries(parts).map(([name, data]) => [`env_states/${prefix}/${name}`, data]),
  );
}

function lastRows(data: Float32Array, rows: number, width: number): OddArray {
  return { data: data.slice(-rows * width), shape: [rows, width] };
}
