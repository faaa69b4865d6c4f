import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../errors.js';
import { claimFolder, createFolderOf, removeFolder } from '../../files/folders.js';
import { writeError } from '../../files/problems.js';
import { temporaryPath } from '../../files/temporary_names.js';
import { encodeEpisode } from '../formats/recording/episode_file.js';
import { episodeFile } from '../formats/recording/episodes.js';
import { HEAD_FILE, headText, type RecordingHead } from '../formats/recording/head_file.js';
import type { WholeEpisode } from '../whole_episode.js';

/** The folder of a recording that goes on: each episode is a file, complete on the disk as soon as it is there. */
export class Journal {
  private count = 0;

  private constructor(readonly folder: string) {}

  /** Makes the folder. Throws a UserError if it is there already, with the way to keep what is in it. */
  static create(folder: string, output: string, head: RecordingHead): Journal {
    createFolderOf(folder);
    if (!claimFolder(folder)) {
      throw new UserError(
        `${folder} exists already, with the episodes of another recording: write them with \`rlpd data repair ${folder} --to ` +
          `${head.becomes} --output ${output}\` and remove it, or choose another path`,
      );
    }
    const journal = new Journal(folder);
    journal.write(HEAD_FILE, [Buffer.from(headText(head))]);
    return journal;
  }

  /** The number of episodes. */
  get episodes(): number {
    return this.count;
  }

  append(episode: WholeEpisode): void {
    this.write(episodeFile(this.count), encodeEpisode(episode));
    this.count++;
  }

  remove(): void {
    removeFolder(this.folder);
  }

  /** Under a temporary name, flushed, then renamed: at once, as a step of an environment can't wait. */
  private write(name: string, parts: readonly Uint8Array[]): void {
    const path = join(this.folder, name);
    const temporary = temporaryPath(path);
    try {
      const file = openSync(temporary, 'w');
      try {
        for (const part of parts) writeFileSync(file, part);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw writeError(path, error);
    }
  }
}
