import { isFile } from '../../../files/reading.js';
import { type Column, isNumbers, type NumberColumn } from '../../column.js';
import type { SurveyedEpisode } from '../../survey.js';
import type { Verification, VerifyOptions } from '../../verification.js';
import { verifyEpisodes } from '../../verify_episodes.js';
import { figure } from '../../wording.js';
import { LeRobotEpisodes } from './episodes.js';
import type { EpisodeIndex, VideoSpan } from './placed_episode.js';
import { StatsCheck } from './stats_check.js';

/** Seconds by which a frame's time may differ from its number by the frame rate: lerobot allows no more. */
const TOLERANCE = 1e-4;

/** Verifies a dataset as all are, and beside that what LeRobot's own columns say: times, numbers of frames and tasks, statistics. */
export async function verifyLeRobot(path: string, options: VerifyOptions): Promise<Verification> {
  const dataset = await LeRobotEpisodes.open(path);
  try {
    const { info, index } = dataset;
    const stats = StatsCheck.open(path, dataset.places);
    const places = new Map(index.episodes.map(({ number }, place) => [number, place]));
    const strange = new Map<string, string[]>();
    const found = await verifyEpisodes(dataset, {
      ...options,
      look: (episode) => {
        options.look?.(episode);
        stats?.add(episode);
        const place = places.get(Number(columnOf(episode, 'episode_index')?.data[0]));
        if (place === undefined) return;
        const problems = frameProblems(episode, index.episodes[place].firstIndex, info.fps, index.tasks);
        if (problems.length > 0) strange.set(dataset.head.ids[place], problems);
      },
    });
    for (const { number, ...video } of index.videos) {
      const place = places.get(number)!;
      const { length } = index.episodes[place];
      const problem = lengthProblem(video, length, info.fps);
      const id = dataset.head.ids[place];
      if (problem !== null) strange.set(id, [...(strange.get(id) ?? []), problem]);
    }
    for (const [id, problems] of strange) {
      const sentences = problems.map((problem) => `${id}/${problem}`);
      found.episodeProblems.set(id, [...(found.episodeProblems.get(id) ?? []), ...sentences]);
    }
    const fileProblems = [...found.fileProblems, ...missingVideos(index)];
    // Those of a part of the data would differ.
    if (found.episodeProblems.size === 0) fileProblems.push(...(stats?.problems() ?? []));
    return { ...found, fileProblems };
  } finally {
    dataset.close();
  }
}

function missingVideos({ videos }: EpisodeIndex): string[] {
  const paths = new Map(videos.map(({ path, feature }) => [path, feature]));
  return [...paths].flatMap(([path, feature]) =>
    isFile(path) ? [] : [`${path}: no such file, which should show ${feature}`],
  );
}

/** The reason why a part of a video can't show an episode of so many frames; null if it can. */
function lengthProblem(
  { feature, seconds }: Pick<VideoSpan, 'feature' | 'seconds'>,
  length: number,
  fps: number,
): string | null {
  const expected = length / fps;
  if (Math.abs(seconds - expected) <= 0.5 / fps) return null;
  return `${feature} is ${figure(seconds)} s of its video; expected ${figure(expected)}, for ${length} frames`;
}

/** Faults of an episode's frames, each beginning with the column. */
function frameProblems(
  episode: SurveyedEpisode,
  firstIndex: number,
  fps: number,
  tasks: ReadonlyMap<number, string>,
): string[] {
  const check = (
    name: string,
    isRight: (value: number, step: number) => boolean,
    expected: (step: number) => string,
  ) => {
    const column = columnOf(episode, name);
    const values = Array.from(column?.data ?? [], Number);
    const step = values.findIndex((value, i) => !isRight(value, i));
    return step < 0
      ? []
      : [`${name} is ${Number(values[step].toPrecision(7))} at step ${step}; expected ${expected(step)}`];
  };
  return [
    ...check(
      'timestamp',
      (value, step) => Math.abs(value - step / fps) <= TOLERANCE,
      (step) => `${Number((step / fps).toPrecision(7))}, by the ${fps} frames a second of info.json`,
    ),
    ...check('frame_index', (value, step) => value === step, String),
    ...check(
      'index',
      (value, step) => value === firstIndex + step,
      (step) => `${firstIndex + step}, by the lengths of the episodes before`,
    ),
    ...check(
      'task_index',
      (value) => tasks.has(value),
      () => `one of ${[...tasks.keys()].join(', ')}, as the tasks are numbered`,
    ),
  ];
}

function columnOf({ columns }: SurveyedEpisode, name: string): NumberColumn | null {
  const column = columns.get(name);
  return column && 'data' in column && isNumbers(column as Column) ? (column as NumberColumn) : null;
}
