import { join } from 'node:path';
import { beforeAll, expect, test, vi } from 'vitest';
import { main } from '../../../../../src/cli.js';
import { datasetInfo } from '../../../../../src/datasets/info.js';
import { verifyDataset } from '../../../../../src/datasets/registry.js';
import { isBad } from '../../../../../src/datasets/verification.js';
import { UserError } from '../../../../../src/errors.js';
import { loadFromPath } from '../../../../../src/training/dataset/load_from_path.js';
import { rememberSaid } from '../../../../said.js';
import { folderOfTests } from '../../../../temporary_folder.js';
import { OF_PICK_CUBE } from '../../../buffers/demo_options.js';
import { replay } from '../../../replay/support.js';
import {
  flags,
  floats,
  type OddArray,
  type OddDataset,
  type OddEpisode,
  soundDataset,
  spoilt,
  without,
  writeOddDataset,
} from './odd_dataset.js';

const folder = folderOfTests();

let sound: OddDataset;
beforeAll(async () => {
  sound = await soundDataset();
});

interface Opinions {
  verify: boolean;
  info: boolean;
  train: boolean;
  skipFailed: boolean;
  replay: boolean;
}

/** True for each user of a dataset that accepts it. */
async function opinionsOf(path: string): Promise<Opinions> {
  return {
    verify: !isBad(await verifyDataset(path)),
    info: !isBad(await datasetInfo(path)),
    train: await takes(loadFromPath(path, OF_PICK_CUBE)),
    skipFailed: await takes(loadFromPath(path, { ...OF_PICK_CUBE, skipFailed: true })),
    replay: await takes(replay(path)),
  };
}

async function takes(use: Promise<unknown>): Promise<boolean> {
  try {
    await use;
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return false;
  }
}

/** A change to the middle one of three sound episodes. */
const inOne = (change: (episode: OddEpisode) => OddEpisode) => (dataset: OddDataset) => ({
  ...dataset,
  episodes: { ...dataset.episodes, traj_2: change(dataset.episodes['traj_2']) },
});
const inAll = (change: (episode: OddEpisode) => OddEpisode) => (dataset: OddDataset) => ({
  ...dataset,
  episodes: Object.fromEntries(
    Object.entries(dataset.episodes).map(([group, episode]) => [group, change(episode)]),
  ),
});
const inEntry = (change: Record<string, unknown>) => (dataset: OddDataset) => ({
  ...dataset,
  entries: dataset.entries.map((entry) => (entry['episode_id'] === 2 ? { ...entry, ...change } : entry)),
});
const inEntries = (change: Record<string, unknown>) => (dataset: OddDataset) => ({
  ...dataset,
  entries: dataset.entries.map((entry) => ({ ...entry, ...change })),
});
const inInfo = (change: Record<string, unknown>) => (dataset: OddDataset) => ({
  ...dataset,
  info: { ...dataset.info, ...change },
});

function converted(array: OddArray | null, convert: (data: Float32Array) => OddArray['data']): OddArray {
  return { data: convert(array!.data as Float32Array), shape: array!.shape };
}

function inShape(array: OddArray | null, ...shape: number[]): OddArray {
  return { data: array!.data, shape };
}

const dim = (array: OddArray | null) => inShape(array, array!.shape[0], 1, ...array!.shape.slice(1));

const ALL_TAKE: Opinions = { verify: true, info: true, train: true, skipFailed: true, replay: true };
const ALL_REFUSE: Opinions = { verify: false, info: false, train: false, skipFailed: false, replay: false };
/** A replay makes observations anew: it doesn't look at those that are there. */
const REFUSED_FOR_OBSERVATIONS: Opinions = { ...ALL_REFUSE, replay: true };
/** A training doesn't look at states; a replay can't do without. */
const REFUSED_FOR_STATES: Opinions = { ...ALL_REFUSE, train: true, skipFailed: true };
/** Sound, but to be replayed before it can be trained on. */
const TO_BE_CONVERTED: Opinions = { ...ALL_TAKE, train: false, skipFailed: false };

type Case = [name: string, change: (dataset: OddDataset) => OddDataset, opinions: Opinions];

const CASES: Case[] = [
  ['sound files', (dataset) => dataset, ALL_TAKE],
  [
    'float64',
    inAll((e) => ({ ...e, obs: converted(e['obs'], (data) => Float64Array.from(data)) })),
    ALL_TAKE,
  ],
  ['no rewards', inAll((e) => without(e, 'rewards')), ALL_TAKE],
  ['no success, but terminated', inAll((e) => without(e, 'success', 'truncated')), ALL_TAKE],
  ['more steps than the horizon', inInfo({ max_episode_steps: 2 }), ALL_TAKE],
  [
    'an episode of one step',
    (dataset) =>
      inEntry({ elapsed_steps: 1 })(
        inOne((e) =>
          Object.fromEntries(
            Object.entries(e).map(([name, array]) => {
              const [rows, ...row] = array!.shape;
              const size = row.reduce((product, axis) => product * axis, 1);
              const kept = rows - 2;
              return [
                name,
                { data: (array!.data as Float32Array).slice(-kept * size), shape: [kept, ...row] },
              ];
            }),
          ),
        )(dataset),
      ),
    ALL_TAKE,
  ],
  [
    'a group that is no episode',
    (dataset) => ({
      ...dataset,
      episodes: { ...dataset.episodes, meta: { names: { data: ['a'], shape: [1] } } },
    }),
    ALL_TAKE,
  ],
  ['an array of texts', inOne((e) => ({ ...e, 'infos/words': { data: ['a'], shape: [1] } })), ALL_TAKE],
  [
    'unused arrays of several sizes',
    (dataset) =>
      inOne((e) => ({ ...e, force: floats(3, 2) }))(inAll((e) => ({ ...e, force: floats(3, 6) }))(dataset)),
    ALL_TAKE,
  ],
  ['another obs_mode in the json', inInfo({ env_kwargs: { obs_mode: 'rgbd' } }), ALL_TAKE],
  ['actions beyond [-1, 1]', inOne((e) => ({ ...e, actions: spoilt(e['actions'], 3, 1.5) })), ALL_TAKE],
  ['a large observation', inOne((e) => ({ ...e, obs: spoilt(e['obs'], 3, 1e6) })), ALL_TAKE],
  ['an episode twice', (dataset) => inOne(() => dataset.episodes['traj_1'])(dataset), ALL_TAKE],
  [
    'a json that says little',
    (dataset) => ({
      ...dataset,
      entries: dataset.entries.map(({ episode_id, control_mode }) => ({ episode_id, control_mode })),
    }),
    ALL_TAKE,
  ],

  [
    'no observations',
    (dataset) =>
      inInfo({ env_kwargs: { obs_mode: 'none' } })(
        inAll((e) => ({ ...without(e, 'obs'), obs: null }))(dataset),
      ),
    TO_BE_CONVERTED,
  ],
  [
    'observations in parts',
    inAll((e) => ({
      ...without(e, 'obs'),
      'obs/agent/qpos': floats(4, 9),
      'obs/extra/is_grasped': flags(0, 0, 1, 1),
    })),
    TO_BE_CONVERTED,
  ],
  ['joint positions', inEntries({ control_mode: 'pd_joint_pos' }), TO_BE_CONVERTED],

  [
    'whole numbers for actions',
    inOne((e) => ({ ...e, actions: converted(e['actions'], (d) => Int32Array.from(d)) })),
    ALL_REFUSE,
  ],
  [
    'whole numbers for rewards',
    inOne((e) => ({
      ...e,
      rewards: converted(e['rewards'], (d) =>
        BigInt64Array.from(Array.from(d, (v) => BigInt(Math.round(v)))),
      ),
    })),
    ALL_REFUSE,
  ],
  [
    'wide whole numbers for flags',
    inOne((e) => ({ ...e, success: { data: Int32Array.of(0, 0, 1), shape: [3] } })),
    ALL_REFUSE,
  ],
  [
    'a dimension for the environment',
    inAll((e) => Object.fromEntries(Object.entries(e).map(([name, a]) => [name, dim(a)]))),
    ALL_REFUSE,
  ],
  ['such a dimension in flags only', inOne((e) => ({ ...e, success: dim(e['success']) })), ALL_REFUSE],
  ['such a dimension in rewards only', inOne((e) => ({ ...e, rewards: dim(e['rewards']) })), ALL_REFUSE],
  ['seven numbers an action', inAll((e) => ({ ...e, actions: floats(3, 7) })), ALL_REFUSE],
  ['actions of another control mode', inEntries({ control_mode: 'pd_ee_delta_pose' }), ALL_REFUSE],
  ['several control modes', inEntry({ control_mode: 'pd_joint_pos' }), ALL_REFUSE],
  [
    'an action that no training survives',
    inOne((e) => ({ ...e, actions: spoilt(e['actions'], 3, 1e30) })),
    ALL_REFUSE,
  ],
  [
    'a NaN among the rewards',
    inOne((e) => ({ ...e, rewards: spoilt(e['rewards'], 1, Number.NaN) })),
    ALL_REFUSE,
  ],
  ['no flags', inOne((e) => without(e, 'success', 'terminated')), ALL_REFUSE],
  ['no actions', inOne((e) => without(e, 'actions')), ALL_REFUSE],
  ['a step too many', inOne((e) => ({ ...e, actions: floats(4, 8) })), ALL_REFUSE],
  ['flags that contradict the json', inEntry({ success: false }), ALL_REFUSE],
  ['a failure that the json calls a success', inOne((e) => ({ ...e, success: flags(0, 1, 0) })), ALL_REFUSE],
  ['lengths that contradict the json', inEntry({ elapsed_steps: 50 }), ALL_REFUSE],
  ['seeds that contradict each other', inEntry({ reset_kwargs: { seed: 5 } }), ALL_REFUSE],
  [
    'an episode that is not listed',
    (dataset) => ({ ...dataset, entries: dataset.entries.slice(1) }),
    ALL_REFUSE,
  ],
  ['an episode that is only listed', inEntry({ episode_id: 3 }), ALL_REFUSE],
  [
    'leading zeros',
    (dataset) => ({ ...dataset, episodes: { ...dataset.episodes, traj_003: dataset.episodes['traj_2'] } }),
    ALL_REFUSE,
  ],
  ['no episodes', (dataset) => ({ ...dataset, episodes: {}, entries: [] }), ALL_REFUSE],
  [
    'no observations, and no states to make them from',
    inAll((e) => without(e, 'obs', 'env_states')),
    ALL_REFUSE,
  ],

  ['43 numbers an observation', inAll((e) => ({ ...e, obs: floats(4, 43) })), REFUSED_FOR_OBSERVATIONS],
  ['as many observations as actions', inOne((e) => ({ ...e, obs: floats(3, 42) })), REFUSED_FOR_OBSERVATIONS],
  [
    'an observation that no training survives',
    inOne((e) => ({ ...e, obs: spoilt(e['obs'], 3, 1e30) })),
    REFUSED_FOR_OBSERVATIONS,
  ],

  [
    'a NaN among the states',
    inOne((e) => ({ ...e, 'env_states/actors/cube': spoilt(e['env_states/actors/cube'], 3, Number.NaN) })),
    REFUSED_FOR_STATES,
  ],
  ['states of another task', inOne((e) => without(e, 'env_states/actors/cube')), REFUSED_FOR_STATES],
  ['states in some episodes only', inOne((e) => without(e, 'env_states')), REFUSED_FOR_STATES],
];

test.each(CASES)('those that use datasets agree on %s', async (name, change, opinions) => {
  const path = await writeOddDataset(join(folder, name.replaceAll(/\W/g, '_')), change(sound));
  expect(await opinionsOf(path)).toEqual(opinions);
});

test('the command of the note makes a file that all take, with all episodes', async () => {
  const odd = inAll((e) => ({ ...without(e, 'obs'), 'obs/agent/qpos': floats(4, 9) }))(sound);
  const path = await writeOddDataset(
    join(folder, 'to_be_converted'),
    inEntry({ success: false })(inOne((e) => ({ ...e, success: flags(0, 1, 0) }))(odd)),
  );
  const [note] = (await verifyDataset(path)).notes;
  const said = rememberSaid();
  const output = join(folder, 'converted.h5');
  expect(await main([...note.split(' -- ')[1].split(' '), '--output', output])).toBe(0);
  vi.restoreAllMocks();
  expect(said.text).toContain(`${output}, 3 episodes in`);
  expect(await opinionsOf(output)).toEqual(ALL_TAKE);
});
