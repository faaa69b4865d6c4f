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

/** A thread and the number of its tasks, in their order, that must be done before some task of another one. */
export interface Wait {
  thread: number;
  count: number;
}

/**
 * The tasks in the order in which they are done: by epochs, and in each as they were given. So tasks that depend on nothing new
 * come before those that may have to wait.
 */
export function inOrder<T extends Task>(tasks: readonly T[]): T[] {
  const epochs = epochsOf(tasks);
  const indices = tasks.map((_, index) => index);
  return indices.toSorted((a, b) => epochs[a] - epochs[b] || a - b).map((index) => tasks[index]);
}

/**
 * The waits before each task, if every thread does its tasks in the given order: for tasks of other threads that write what it
 * reads, read what it overwrites, or write the same. Those that its thread has waited for before are left out.
 */
export function waitsOf(tasks: readonly Task[]): Wait[][] {
  const writers = new Map<string, Wait>();
  const readers = new Map<string, Wait[]>();
  const done: number[] = [];
  const waited: number[][] = [];
  return tasks.map(({ thread, reads, writes }) => {
    const uses = [
      ...[...reads, ...writes].flatMap((name) => writers.get(name) ?? []),
      ...writes.flatMap((name) => readers.get(name) ?? []),
    ];
    waited[thread] ??= [];
    const waits: Wait[] = [];
    for (const use of uses.toSorted((a, b) => b.count - a.count)) {
      if (use.thread === thread || use.count <= (waited[thread][use.thread] ?? 0)) continue;
      waited[thread][use.thread] = use.count;
      waits.push(use);
    }
    done[thread] = (done[thread] ?? 0) + 1;
    const use = { thread, count: done[thread] };
    for (const name of reads) readers.set(name, [...(readers.get(name) ?? []), use]);
    for (const name of writes) {
      writers.set(name, use);
      readers.delete(name);
    }
    return waits;
  });
}

/**
 * The epoch of each task, counted from 0, if all threads met between two epochs, and within an epoch each did its tasks in
 * the given order. Every task is as early as the tasks before it allow that write what it reads, read what
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
