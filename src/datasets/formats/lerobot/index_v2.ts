import { join } from 'node:path';
import { z } from 'zod';
import { readText } from '../../../files/reading.js';
import { checkJson, parseJsonText } from '../../checked_json.js';
import { type LeRobotInfo, pathFrom, videoFeatures, videoTemplate } from './info.js';
import type { EpisodeIndex, PlacedEpisode, VideoSpan } from './placed_episode.js';

const episodeSchema = z.looseObject({ episode_index: z.int().nonnegative(), length: z.int().positive() });
const taskSchema = z.looseObject({ task_index: z.int(), task: z.string() });

/** Finds the episodes of versions 2.0 and 2.1: each in a file of its own. */
export function indexV2(root: string, info: LeRobotInfo): EpisodeIndex {
  let total = 0;
  const listed = readLines(join(root, 'meta', 'episodes.jsonl'), episodeSchema);
  const episodes = listed.map(({ episode_index: number, length }): PlacedEpisode => {
    const path = pathFrom(root, info.data_path, {
      episode_chunk: Math.floor(number / info.chunks_size),
      episode_index: number,
    });
    const placed = { number, length, path, from: 0, firstIndex: total };
    total += length;
    return placed;
  });
  const tasks = readLines(join(root, 'meta', 'tasks.jsonl'), taskSchema);
  return {
    episodes,
    videos: videosOf(root, info, episodes),
    tasks: new Map(tasks.map((task) => [task.task_index, task.task])),
    problems: [],
  };
}

/** A video an episode, each as long as it. */
function videosOf(root: string, info: LeRobotInfo, episodes: readonly PlacedEpisode[]): VideoSpan[] {
  return videoFeatures(info).flatMap((feature) =>
    episodes.map(({ number, length }) => {
      const path = pathFrom(root, videoTemplate(root, info), {
        video_key: feature,
        episode_chunk: Math.floor(number / info.chunks_size),
        episode_index: number,
      });
      return { feature, number, path, seconds: length / info.fps };
    }),
  );
}

/** A value a line. Throws a UserError that names the line at fault. */
function readLines<T extends z.ZodType>(path: string, schema: T): z.output<T>[] {
  return readText(path)
    .split('\n')
    .flatMap((text, i) => {
      if (text.trim() === '') return [];
      const place = `${path}: line ${i + 1}`;
      return [checkJson(place, schema, parseJsonText(place, text))];
    });
}
