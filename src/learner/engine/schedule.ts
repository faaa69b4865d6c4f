/** Work of one thread, with the places in memory that it reads and writes. */
export interface Task {
  thread: number;
  reads: readonly string[];
  writes: readonly string[];
}

/** The last use of a place: its epoch and its thread. */
interface Use {
  thread: number;
  epoch: number;
}

/** The last uses of a place in memory: its last writer, and for each thread the epoch of its last read since. */
interface Place {
  writer: Use | null;
  readers: Map<number, number>;
}

/**
 * The epoch of each task, counted from 0. All threads pass a barrier between two epochs, and within an epoch each does
 * its tasks in the given order. Every task is as early as the tasks before it allow that write what it reads, read what
 * it overwrites, or write the same: if another thread does that, it has to be in an epoch before.
 */
export function epochsOf(tasks: readonly Task[]): number[] {
  const places = new Map<string, Place>();
  const place = (name: string): Place => {
    let known = places.get(name);
    if (!known) {
      known = { writer: null, readers: new Map() };
      places.set(name, known);
    }
    return known;
  };
  return tasks.map(({ thread, reads, writes }) => {
    let epoch = 0;
    const wait = (use: Use) => {
      epoch = Math.max(epoch, use.thread === thread ? use.epoch : use.epoch + 1);
    };
    for (const name of reads) {
      const { writer } = place(name);
      if (writer) wait(writer);
    }
    for (const name of writes) {
      const { writer, readers } = place(name);
      if (writer) wait(writer);
      for (const [reader, read] of readers) wait({ thread: reader, epoch: read });
    }
    for (const name of reads)
      place(name).readers.set(thread, Math.max(epoch, place(name).readers.get(thread) ?? 0));
    for (const name of writes) places.set(name, { writer: { thread, epoch }, readers: new Map() });
    return epoch;
  });
}
