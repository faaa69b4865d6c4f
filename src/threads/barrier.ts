import { nextTurn } from '../runtime/threads.js';

const ARRIVED = 0;
const GENERATION = 1;
const BROKEN = 2;
/**
 * Number of looks before a thread goes to sleep. Waking up takes tens of microseconds, and parts of equal size end
 * together.
 */
const LOOKS = 20_000;
/** Time asleep after which a thread handles its messages, which may tell of the end of another one. */
const NAP_MILLISECONDS = 20;

/**
 * A point that threads pass only together, on three integers in shared memory. Its threads are equals that meet within
 * tens of microseconds, so they look again and again before they sleep, and block their thread. If one thread commands
 * and others wait for it, use a `ForkJoin`.
 */
export class Barrier {
  readonly buffer: SharedArrayBuffer;
  private readonly control: Int32Array;

  /** @param buffer another thread's, to join it; a new barrier without it */
  constructor(
    private readonly numThreads: number,
    buffer?: SharedArrayBuffer,
  ) {
    this.buffer = buffer ?? new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT);
    this.control = new Int32Array(this.buffer);
  }

  /** Waits until all threads have arrived. Rejects when the barrier is broken. */
  async wait(): Promise<void> {
    const generation = this.arrive();
    while (!this.open(generation)) {
      if (!this.sleep(generation)) await nextTurn();
    }
    this.check();
  }

  /** Lets no thread wait any longer, now or later: one of them can't go on. */
  break(): void {
    Atomics.store(this.control, BROKEN, 1);
    Atomics.notify(this.control, GENERATION);
  }

  /** Counts this thread in; the last one opens the barrier for the others. Returns the generation it came in. */
  private arrive(): number {
    const generation = Atomics.load(this.control, GENERATION);
    if (Atomics.add(this.control, ARRIVED, 1) === this.numThreads - 1) {
      Atomics.store(this.control, ARRIVED, 0);
      Atomics.add(this.control, GENERATION, 1);
      Atomics.notify(this.control, GENERATION);
    }
    return generation;
  }

  private open(generation: number): boolean {
    for (let look = 0; look < LOOKS; look++) {
      if (Atomics.load(this.control, GENERATION) !== generation) return true;
    }
    return Atomics.load(this.control, BROKEN) === 1;
  }

  /** Sleeps until the barrier opens. Returns false if it did not for a while. */
  private sleep(generation: number): boolean {
    return Atomics.wait(this.control, GENERATION, generation, NAP_MILLISECONDS) !== 'timed-out';
  }

  private check(): void {
    if (Atomics.load(this.control, BROKEN) === 1) throw new Error('another thread has failed');
  }
}
