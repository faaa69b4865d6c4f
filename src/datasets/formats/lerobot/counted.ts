import { type Column, type Columns, isNumbers, type NumberColumn } from '../../column.js';
import { infoName } from '../../infos.js';
import { atTheEndOnly } from '../../stand_ins.js';
import type { WholeEpisode } from '../../whole_episode.js';
import { DONE, TASK } from './written_features.js';

/** Numbers that are the same for all episodes of a dataset, or counted from one to the next. */
export interface CountedContext {
  fps: number;
  /** The instruction of episodes that have none of their own. */
  task: string;
  /** The episode's place, and its first frame's, in the dataset. */
  number: number;
  firstIndex: number;
  /** The number of an instruction; a new one if it hasn't occurred before. */
  taskNumber(text: string): number;
}

/** Types of the features that every dataset has, of which each frame has one value. */
const TYPES: Readonly<Record<string, Column['dtype']>> = {
  [DONE]: 'bool',
  timestamp: 'float32',
  frame_index: 'int64',
  episode_index: 'int64',
  index: 'int64',
  task_index: 'int64',
  [TASK]: 'string',
};

/** True for an extra of an episode of T steps that is one of these features, by its name and its type. */
export function isCounted(name: string, { dtype, shape }: Column, length: number): boolean {
  return Object.hasOwn(TYPES, name) && TYPES[name] === dtype && shape.length === 1 && shape[0] === length;
}

/** The features that every dataset has, of an episode at its place: flags of the end, times and instructions are its own if it has some. */
export function countedExtras(episode: WholeEpisode, context: CountedContext): Columns {
  const { length, extras, terminated, truncated } = episode;
  const { fps, number, firstIndex } = context;
  const known = new Map(
    [...extras]
      .map(([name, column]): [string, Column] => [infoName(name), column])
      .filter(([name, column]) => isCounted(name, column, length)),
  );
  const integers = (value: (step: number) => number): NumberColumn => ({
    dtype: 'int64',
    shape: [length],
    data: BigInt64Array.from({ length }, (_, step) => BigInt(value(step))),
  });
  const task = known.get(TASK);
  const texts =
    task && !isNumbers(task)
      ? (task.data as readonly string[])
      : new Array<string>(length).fill(context.task);
  const ends = (): Column => ({
    dtype: 'bool',
    shape: [length],
    data: atTheEndOnly(terminated.map((flag, step) => flag | truncated[step])),
  });
  const times = (): Column => ({
    dtype: 'float32',
    shape: [length],
    data: Float32Array.from({ length }, (_, step) => step / fps),
  });
  return new Map<string, Column>([
    [DONE, known.get(DONE) ?? ends()],
    ['timestamp', known.get('timestamp') ?? times()],
    ['frame_index', integers((step) => step)],
    ['episode_index', integers(() => number)],
    ['index', integers((step) => firstIndex + step)],
    ['task_index', integers((step) => context.taskNumber(texts[step]))],
    [TASK, { dtype: 'string', shape: [length], data: texts }],
  ]);
}
