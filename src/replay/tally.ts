import { UserError } from '../errors.js';
import type { EpisodeReplay } from './episode_replayer.js';
import type { ReplayPlan } from './plan.js';
import { type EpisodeError, type ErrorSummary, summariseErrors } from './replay_error.js';

/** An episode that is left out, and why. */
export interface SkippedEpisode {
  episodeId: number;
  reason: string;
}

/** What became of the episodes of a replay. */
export interface EpisodeTally {
  /** Episodes that were replayed to their end, and those of them that ended in success. */
  replayed: number;
  succeeded: number;
  /** Replayed episodes that ended, in success or failure, as their recordings did. */
  endedAsRecorded: number;
  kept: number;
  skipped: SkippedEpisode[];
  /** Null if no replayed episode has recorded states. */
  error: { arm: ErrorSummary; objects: Record<string, ErrorSummary> } | null;
}

/** Counts the episodes of a replay and decides which are kept: as in ManiSkill, those that end in success. */
export class Tally {
  private replayed = 0;
  private succeeded = 0;
  private endedAsRecorded = 0;
  private kept = 0;
  private readonly skipped: SkippedEpisode[] = [];
  private readonly errors: EpisodeError[] = [];

  constructor(private readonly plan: Pick<ReplayPlan, 'allowFailure' | 'discardTimeout'>) {}

  /**
   * Counts an episode and returns why it is left out; null if it is kept. Throws a UserError if it can't be read, unless
   * failures are allowed.
   */
  add(replay: EpisodeReplay): string | null {
    if (replay.kind === 'unreadable' && !this.plan.allowFailure) {
      throw new UserError(`${replay.reason}. --allow-failure skips such episodes`);
    }
    if (replay.kind === 'replayed') {
      this.replayed++;
      if (replay.success) this.succeeded++;
      if (replay.success === replay.recordedSuccess) this.endedAsRecorded++;
      if (replay.error) this.errors.push(replay.error);
    }
    const reason = this.reasonToSkip(replay);
    if (reason === null) this.kept++;
    else this.skipped.push({ episodeId: replay.episodeId, reason });
    return reason;
  }

  result(): EpisodeTally {
    const { replayed, succeeded, endedAsRecorded, kept, skipped } = this;
    return { replayed, succeeded, endedAsRecorded, kept, skipped, error: summariseErrors(this.errors) };
  }

  private reasonToSkip(replay: EpisodeReplay): string | null {
    if (replay.kind === 'unreadable') return replay.reason;
    if (this.plan.allowFailure) return null;
    if (!replay.success) return 'no success at the end';
    return this.plan.discardTimeout && replay.truncated ? 'longer than the time limit' : null;
  }
}
