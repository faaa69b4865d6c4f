import type { EpisodeReplay } from './episode_replayer.js';
import {
  type EpisodeError,
  type ReplayErrors,
  type StartErrors,
  startErrors,
  summariseErrors,
} from './replay_error.js';

/** An episode that is left out, and why. */
export interface SkippedEpisode {
  episodeId: number;
  reason: string;
}

/** Counts of what became of a replay's episodes. */
export interface EpisodeTally {
  /** Episodes that were replayed to their end, and those of them that succeed, as the task is judged. */
  replayed: number;
  succeeded: number;
  /** Replayed episodes that succeed or fail as their recordings do. */
  asRecorded: number;
  kept: number;
  skipped: SkippedEpisode[];
  /** Distances from the recordings; null if no replayed episode has recorded states. */
  error: ReplayErrors | null;
  starts: StartErrors;
}

/** Counts the episodes of a replay. */
export class Tally {
  private replayed = 0;
  private succeeded = 0;
  private asRecorded = 0;
  private kept = 0;
  private readonly skipped: SkippedEpisode[] = [];
  private readonly errors: EpisodeError[] = [];

  add(replay: EpisodeReplay): void {
    const { episodeId } = replay;
    if (replay.kind === 'unreadable') {
      this.skipped.push({ episodeId, reason: replay.reason });
      return;
    }
    this.replayed++;
    if (replay.success) this.succeeded++;
    if (replay.success === replay.recordedSuccess) this.asRecorded++;
    if (replay.error) this.errors.push(replay.error);
    if (replay.skipped === null) this.kept++;
    else this.skipped.push({ episodeId, reason: replay.skipped });
  }

  result(): EpisodeTally {
    const { replayed, succeeded, asRecorded, kept, skipped, errors } = this;
    const counts = { replayed, succeeded, asRecorded, kept, skipped };
    return { ...counts, error: summariseErrors(errors), starts: startErrors(errors) };
  }
}
