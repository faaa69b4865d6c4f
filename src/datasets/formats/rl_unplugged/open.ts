import { UserError } from '../../../errors.js';
import type { Dataset, DatasetHead, DatasetTask } from '../../dataset.js';
import { uncheckedTask } from '../../other_task.js';
import { Shards } from '../../storage/shards.js';
import { AtariEpisodes } from './atari.js';
import { readExample } from './examples.js';
import { RowEpisodes } from './row_episodes.js';
import { shardFiles } from './shard_files.js';

/** Opens the files of one task, whichever of RL Unplugged's layouts they have: the first record tells it. */
export async function openRlUnplugged(path: string, task?: DatasetTask): Promise<Dataset> {
  const files = [...shardFiles(path).values()];
  const shards = await Shards.open(
    files.map((file) => ({ path: file, split: 'train', storage: 'tfrecord', declared: null })),
  );
  try {
    return await openByFirstRecord(path, shards, task);
  } catch (error) {
    await shards.close();
    throw error;
  }
}

async function openByFirstRecord(path: string, shards: Shards, task?: DatasetTask): Promise<Dataset> {
  if (shards.places.length === 0) throw new UserError(`${path}: its files have no records`);
  const { values } = await readExample(shards, shards.places[0]);
  const head: DatasetHead = {
    path,
    envId: null,
    ids: [],
    declared: new Map(),
    totals: { episodes: null, steps: null },
    facts: [],
    notes: uncheckedTask(path, null, task),
    problems: [],
  };
  if (values.has('o_t')) return await AtariEpisodes.open(head, shards);
  const isWhole = [...values.keys()].some((name) => name.startsWith('observation:'));
  return new RowEpisodes(head, shards, isWhole ? 'episodes' : 'windows', values);
}
