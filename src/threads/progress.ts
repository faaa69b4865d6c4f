import { nextTurn } from '../runtime/threads.js';

const BROKEN = 0;
/** Integers in a cache line: each thread's count has a line of its own. */
const LINE = 16;
/**
 * Number of looks before a thread goes to sleep. Waking up takes tens of microseconds, and parts of equal size end
 * together.
 */
const LOOKS = 20_000;
/** Time asleep after which a thread handles its messages, which may tell of the end of another one. */
const NAP_MILLISECONDS = 20;

/**
 * The counts of the tasks that each of some threads has done, in shared memory. A thread waits for just those tasks of
 * others that its next one needs. Its threads are equals that wait for each other for tens of microseconds, so they look again
 * and again before they sleep, and block their thread. If one thread commands and others wait for it, use a `ForkJoin`.
 */
export class Progress {
  readonly buffer: SharedArrayBuffer;
  private readonly control: Int32Array;
  /** The count of every thread when the work under way began. Counts go on and on, and wrap around. */
  private before = 0;

  /**
   * @param thread the number of the calling thread, from 0 on
   * @param buffer another thread's, to join it; new counts without it
   */
  constructor(
    private readonly thread: number,
    private readonly threads: number,
    buffer?: SharedArrayBuffer,
  ) {
    this.buffer = buffer ?? new SharedArrayBuffer((1 + threads) * LINE * Int32Array.BYTES_PER_ELEMENT);
    this.control = new Int32Array(this.buffer);
  }

  /** Tells the others that this thread has done `count` tasks of the work under way. */
  reach(count: number): void {
    const place = placeOf(this.thread);
    Atomics.store(this.control, place, this.before + count);
    Atomics.notify(this.control, place);
  }

  /** Waits until another thread has done `count` tasks of the work under way. Rejects when the threads are broken off. */
  async wait(thread: number, count: number): Promise<void> {
    while (!this.isReached(thread, count)) {
      if (!this.sleep(thread, count)) await nextTurn();
    }
    if (Atomics.load(this.control, BROKEN) === 1) throw new Error('another thread has failed');
  }

  /** Ends the work under way, in which each thread had at most `count` tasks: waits until all threads have come here. */
  async meet(count: number): Promise<void> {
    this.reach(count);
    for (let thread = 0; thread < this.threads; thread++) {
      if (thread !== this.thread) await this.wait(thread, count);
    }
    this.before = (this.before + count) | 0;
  }

  /** Lets no thread wait any longer, now or later: one of them can't go on. */
  break(): void {
    Atomics.store(this.control, BROKEN, 1);
    for (let thread = 0; thread < this.threads; thread++) Atomics.notify(this.control, placeOf(thread));
  }

  private isReached(thread: number, count: number): boolean {
    for (let look = 0; look < LOOKS; look++) {
      if (this.missing(thread, count) <= 0) return true;
    }
    return Atomics.load(this.control, BROKEN) === 1;
  }

  private missing(thread: number, count: number): number {
    return (this.before + count - Atomics.load(this.control, placeOf(thread))) | 0;
  }

  /** Sleeps until another thread has done something. Returns false if it did not for a while. */
  private sleep(thread: number, count: number): boolean {
    const place = placeOf(thread);
    const done = Atomics.load(this.control, place);
    if (((this.before + count - done) | 0) <= 0) return true;
    return Atomics.wait(this.control, place, done, NAP_MILLISECONDS) !== 'timed-out';
  }
}

function placeOf(thread: number): number {
  return (1 + thread) * LINE;
}
