import { setTimeout } from 'node:timers/promises';
import { duration } from '../duration.js';
import { UserError } from '../errors.js';
import { TransientError } from './http.js';

export interface RetryOptions {
  /** Aborting it ends a wait with the signal's reason. */
  signal: AbortSignal;
  /** Hears what went wrong and how long the next try waits. */
  note(text: string): void;
  /** The progress so far: failing tries don't count when there was some. */
  reached?(): number;
}

/** The error after the last try: the network or the server stays away. */
export class GaveUpError extends UserError {}

const MAX_TRIES = 5;
const FIRST_WAIT_SECONDS = 1;
const LONGEST_WAIT_SECONDS = 300;

/**
 * Repeats `attempt` while it fails with TransientErrors, five times at most without any progress. The waits double from
 * one second, or are as long as the server asks. Then throws a GaveUpError.
 */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  { signal, note, reached }: RetryOptions,
): Promise<T> {
  let furthest = 0;
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof TransientError)) throw error;
      const now = reached?.() ?? 0;
      if (now > furthest) {
        furthest = now;
        tries = 1;
      }
      if (tries === MAX_TRIES) {
        throw new GaveUpError(`${error.message}; gave up after ${MAX_TRIES} tries`, { cause: error });
      }
      const seconds = error.retryAfterSeconds ?? FIRST_WAIT_SECONDS * 2 ** (tries - 1);
      if (seconds > LONGEST_WAIT_SECONDS) {
        throw new GaveUpError(`${error.message} and asks to come back in ${duration(seconds)}`, {
          cause: error,
        });
      }
      note(`${error.message}; trying again in ${duration(seconds)}`);
      await setTimeout(1000 * seconds, undefined, { signal });
    }
  }
}
