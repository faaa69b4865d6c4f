import { stat } from 'node:fs/promises';
import { UserError } from '../errors.js';
import { fileSha256 } from '../files/reading.js';
import { type ColumnRange, columnRange } from './action_scale.js';
import { unknownTaskNotes } from './known_task.js';
import { ManiSkillDataset } from './maniskill_reader.js';

/** What a dataset holds, for people. What the json doesn't say is null. */
export interface DatasetInfo {
  path: string;
  sizeBytes: number;
  sha256: string;
  envId: string | null;
  maxEpisodeSteps: number | null;
  source: string | null;
  controlModes: string[];
  obsMode: string | null;
  rewardMode: string | null;
  /** The number of steps of each episode, in ascending order. */
  lengths: number[];
  /** Episodes with success at any step, and at the last one. */
  successOnce: number;
  successAtEnd: number;
  actionRange: ColumnRange;
  /** The shape of one row of each array of observations and of simulator states, in the first episode. */
  observations: Map<string, number[]>;
  envStates: Map<string, number[]>;
  /** Episodes with rewards, and with simulator states. */
  withRewards: number;
  withEnvStates: number;
  /** Why it can't be used here, though it may be sound. */
  notes: string[];
}

/** Reads a dataset's actions and flags and describes it. Observations may be of any mode, or absent. */
export async function datasetInfo(path: string): Promise<DatasetInfo> {
  const dataset = await ManiSkillDataset.open(path);
  try {
    const { episodes, ...record } = dataset.record;
    const shapes = episodes.map((episode) => dataset.arrayShapes(episode));
    const conducts = episodes.map((episode) => dataset.readConduct(episode));
    const actions = conducts.map((conduct) => conduct.actions);
    const width = actions[0].shape[1];
    const odd = actions.findIndex(({ shape }) => shape[1] !== width);
    if (odd >= 0) {
      throw new UserError(
        `${path}: traj_${episodes[odd].episodeId} has actions of ${actions[odd].shape[1]} numbers, others of ${width}`,
      );
    }
    return {
      path,
      sizeBytes: (await stat(path)).size,
      sha256: await fileSha256(path),
      ...record,
      controlModes: [...new Set(episodes.flatMap(({ controlMode }) => controlMode ?? []))],
      lengths: conducts.map(({ length }) => length).sort((a, b) => a - b),
      successOnce: conducts.filter(({ success }) => success.includes(1)).length,
      successAtEnd: conducts.filter(({ success, length }) => success[length - 1] === 1).length,
      actionRange: columnRange(
        actions.map(({ data }) => data),
        width,
      ),
      observations: rowShapes(shapes[0], 'obs'),
      envStates: rowShapes(shapes[0], 'env_states'),
      withRewards: shapes.filter((names) => names.has('rewards')).length,
      withEnvStates: shapes.filter((names) => rowShapes(names, 'env_states').size > 0).length,
      notes: unknownTaskNotes(dataset.record),
    };
  } finally {
    dataset.close();
  }
}

/** Of the arrays at or below `part`, what follows the number of rows; by the paths below it. */
function rowShapes(shapes: Map<string, number[]>, part: string): Map<string, number[]> {
  const within = [...shapes].filter(([name]) => name === part || name.startsWith(`${part}/`));
  return new Map(within.map(([name, shape]) => [name.slice(part.length + 1), shape.slice(1)]));
}
