/** A place in a thread's own memory or in the memory that all threads share. */
export type Place =
  | { in: 'own'; name: string }
  | { in: 'shared'; name: string; start: number; size: number }
  /**
   * The block of a shared array that belongs to the drawn member number `index`; member k's block begins at
   * `starts[k]`.
   */
  | { in: 'chosen'; name: string; starts: readonly number[]; size: number; drawn: Drawn; index: number };

/** The place in shared memory of the members that were drawn for an update. */
export interface Drawn {
  name: string;
  start: number;
  count: number;
}

/** One operation of a thread. Plain data, to be sent to it. */
export type Operation =
  | {
      kind: 'stage';
      stage: string;
      inputs: Readonly<Record<string, Place>>;
      outputs: Readonly<Record<string, Place>>;
      /**
       * The member that the operation is for, which is left out in updates for which it was not drawn; null: it always
       * runs.
       */
      only: { drawn: Drawn; member: number } | null;
    }
  | { kind: 'copy'; from: Place; to: Place }
  /** A step of a dual variable, by the calling thread. */
  | { kind: 'dual-step'; step: number; update: number }
  /** Waits until another thread has done so many of its tasks. */
  | { kind: 'wait'; thread: number; count: number }
  /** Tells that so many tasks of this thread are done. */
  | { kind: 'reach'; count: number }
  /** The end of a program: waits for all threads, of which each had at most so many tasks. */
  | { kind: 'meet'; count: number };

/** The work of one thread in a number of updates, in order. */
export type Program = readonly Operation[];
