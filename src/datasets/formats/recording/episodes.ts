import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { listFolder } from '../../../files/folders.js';
import { readError } from '../../../files/problems.js';
import {
  type Dataset,
  type DatasetHead,
  type DatasetTask,
  inOrder,
  type LearningRules,
} from '../../dataset.js';
import type { Episode, EpisodeOutcome } from '../../episode.js';
import { otherTask } from '../../other_task.js';
import { recordedRules } from '../../recorded_rules.js';
import { decodeEpisode } from './episode_file.js';
import { readHead } from './head_file.js';

const EPISODE_FILE = /^episode_(\d+)\.safetensors$/;

/** The name of the file of an episode, by its number. */
export function episodeFile(number: number): string {
  return `episode_${String(number).padStart(6, '0')}.safetensors`;
}

/** The files of a recording's episodes, by their numbers, ascending. */
export function episodeFiles(folder: string): string[] {
  const numbered = listFolder(folder).flatMap((name) => {
    const [, number] = EPISODE_FILE.exec(name) ?? [];
    return number === undefined ? [] : [{ name, number: Number(number) }];
  });
  return numbered.sort((a, b) => a.number - b.number).map(({ name }) => join(folder, name));
}

/** A recording that goes on, was killed, or could not become a dataset of another format: a file for each finished episode. */
export class RecordedEpisodes implements Dataset {
  private constructor(
    readonly head: DatasetHead,
    private readonly files: readonly string[],
  ) {}

  static async open(path: string, task?: DatasetTask): Promise<RecordedEpisodes> {
    const { envId, declared, metadata, becomes } = readHead(path);
    if (task && envId !== null && envId !== task.envId) throw otherTask(path, envId, task.envId);
    const files = episodeFiles(path);
    const head: DatasetHead = {
      path,
      envId,
      ids: files.map((file) => basename(file, '.safetensors')),
      declared,
      totals: { episodes: null, steps: null },
      facts: [['to become', becomes]],
      metadata: metadata ?? new Map(),
      notes: [],
      problems: files.length === 0 ? [`${path}: no episode was finished`] : [],
    };
    return new RecordedEpisodes(head, files);
  }

  async episode(index: number): Promise<Episode> {
    const file = this.files[index];
    const bytes = await readFile(file).catch((error: unknown) => {
      throw readError(file, error);
    });
    const episode = decodeEpisode(file, bytes);
    const { extras } = episode;
    return { ...episode, id: this.head.ids[index], extras: async () => extras };
  }

  outcome(index: number): Promise<EpisodeOutcome> {
    return this.episode(index);
  }

  episodes(): AsyncIterable<Episode> {
    return inOrder(this);
  }

  learningRules(): LearningRules {
    return recordedRules(this.head.path);
  }

  close(): void {}
}
