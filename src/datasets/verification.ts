import { UserError } from '../errors.js';
import type { StopSignal } from '../stop_signal.js';
import type { DatasetHead } from './dataset.js';
import type { SurveyedEpisode } from './survey.js';

/** Findings in a dataset. Problems are sentences for the user; those of an episode under its name. */
export interface Verification {
  episodes: number;
  steps: number;
  fileProblems: string[];
  episodeProblems: Map<string, string[]>;
  /** Remarks on what may be sound: what can't be used here, what is lacking, what is strange. */
  notes: string[];
  facts: DatasetHead['facts'];
}

export interface VerifyOptions {
  /** Called after each episode with the number of those done. */
  onEpisode?: ((done: number, total: number) => void) | undefined;
  /** Aborting it ends the work with a UserError. */
  signal?: StopSignal | undefined;
  /** Shown each episode as it is read. */
  look?: ((episode: SurveyedEpisode) => void) | undefined;
}

/** All problems, those of the file first. One that several episodes share is there once. */
export function problemsOf({ fileProblems, episodeProblems }: Verification): string[] {
  return [...new Set([...fileProblems, ...[...episodeProblems.values()].flat()])];
}

/** True if a training or a replay would refuse a dataset, or a part of it. */
export function isBad(found: Verification): boolean {
  return problemsOf(found).length > 0;
}

/** Throws a UserError if a stop was asked for while `path` is read. */
export function checkStop(path: string, signal: StopSignal | undefined): void {
  if (signal?.aborted) throw new UserError(`interrupted: ${path} was not read to its end`);
}
