import { describe, expect, it } from 'vitest';
import { epochsOf, inOrder, type Task, waitsOf } from '../../../../src/learner/engine/schedule.js';
import { RandomStream } from '../../../../src/rng.js';

/** A task of thread `thread` that reads and writes places named by single letters. */
const task = (thread: number, reads: string, writes: string): Task => ({
  thread,
  reads: [...reads],
  writes: [...writes],
});

describe('a task waits for another thread', () => {
  it.each([
    ['that writes what it reads', [task(0, '', 'a'), task(1, 'a', 'b')], [0, 1]],
    ['that reads what it overwrites', [task(0, 'a', 'b'), task(1, '', 'a')], [0, 1]],
    ['that writes the same', [task(0, '', 'a'), task(1, '', 'a')], [0, 1]],
    [
      'that is any of several readers',
      [task(0, 'a', 'b'), task(1, '', 'c'), task(1, 'ac', 'd'), task(0, 'd', 'a')],
      [0, 0, 0, 1],
    ],
    ['through a third', [task(0, '', 'a'), task(1, 'a', 'b'), task(2, 'b', 'c')], [0, 1, 2]],
    [
      'whose last read was late',
      [task(0, '', 'a'), task(1, 'a', ''), task(1, 'a', ''), task(0, '', 'a')],
      [0, 1, 1, 2],
    ],
  ])('%s', (_, tasks, epochs) => {
    expect(epochsOf(tasks)).toEqual(epochs);
  });
});

describe('a task does not wait', () => {
  it.each([
    [
      'for its own thread, which does things in their order',
      [task(0, '', 'a'), task(0, 'a', 'a'), task(0, 'a', 'b')],
      [0, 0, 0],
    ],
    ['for another reader', [task(0, 'a', 'b'), task(1, 'a', 'c')], [0, 0]],
    [
      'for a thread that has to do with other places',
      [task(0, '', 'a'), task(1, '', 'b'), task(1, 'b', '')],
      [0, 0, 0],
    ],
  ])('%s', (_, tasks, epochs) => {
    expect(epochsOf(tasks)).toEqual(epochs);
  });
});

it('a task without need of what comes before it is done earlier', () => {
  // Thread 1 needs what thread 0 wrote, but what follows in the list needs neither.
  const tasks = [
    task(0, '', 'a'),
    task(1, 'a', 'b'),
    task(0, 'b', 'c'),
    task(1, 'x', 'y'),
    task(0, 'y', 'z'),
  ];
  expect(epochsOf(tasks)).toEqual([0, 1, 2, 0, 1]);
});

it('a task never goes before one of its own thread whose place it overwrites', () => {
  const tasks = [task(0, '', 'a'), task(1, 'a', 'b'), task(1, '', 'a'), task(1, '', 'b')];
  expect(epochsOf(tasks)).toEqual([0, 1, 1, 1]);
});

it('no tasks need no epochs', () => {
  expect(epochsOf([])).toEqual([]);
});

it('a thread waits once for what it needs of another, for the last of its tasks', () => {
  const tasks = [
    task(0, '', 'a'),
    task(0, '', 'b'),
    task(1, 'ab', 'c'),
    task(1, 'b', 'd'),
    task(0, 'c', ''),
    task(1, '', 'a'),
  ];
  const wait = (thread: number, count: number) => [{ thread, count }];
  expect(waitsOf(tasks)).toEqual([[], [], wait(0, 2), [], wait(1, 1), []]);
});

describe('random tasks', () => {
  const PLACES = 4;
  const THREADS = 3;

  /** The places' contents if each task writes a number there that depends on the task and on all that it read. */
  function outcome(tasks: readonly Task[], order: readonly number[]): number[] {
    const places = new Map<string, number>();
    for (const index of order) {
      const { reads, writes } = tasks[index];
      const result = reads.reduce((sum, name) => (31 * sum + (places.get(name) ?? 0)) % 1e9, index + 1);
      for (const name of writes) places.set(name, result);
    }
    return Array.from({ length: PLACES }, (_, place) => places.get(String(place)) ?? 0);
  }

  /** The tasks epoch by epoch, each thread's in their order, the threads mixed at random. */
  function someOrder(tasks: readonly Task[], epochs: readonly number[], stream: RandomStream): number[] {
    const order: number[] = [];
    for (let epoch = 0; epoch <= Math.max(...epochs); epoch++) {
      const waiting = Array.from({ length: THREADS }, (_, thread) =>
        tasks.flatMap((task, i) => (task.thread === thread && epochs[i] === epoch ? [i] : [])),
      );
      while (waiting.some((queue) => queue.length > 0)) {
        const next = waiting[stream.integer(THREADS)].shift();
        if (next !== undefined) order.push(next);
      }
    }
    return order;
  }

  const stream = new RandomStream(5);

  function someTasks(): Task[] {
    const some = () =>
      Array.from({ length: PLACES }, (_, place) => String(place)).filter(() => stream.uniform() < 0.3);
    return Array.from({ length: 12 }, () => ({
      thread: stream.integer(THREADS),
      reads: some(),
      writes: some(),
    }));
  }

  /** The tasks in an order in which threads may come to do them, each after its waits. */
  function someWaitingOrder(tasks: readonly Task[]): number[] {
    const waits = waitsOf(tasks);
    const queues = Array.from({ length: THREADS }, (_, thread) =>
      tasks.flatMap((task, i) => (task.thread === thread ? [i] : [])),
    );
    const done = queues.map(() => 0);
    const order: number[] = [];
    while (order.length < tasks.length) {
      const ready = queues.filter(
        (queue) => queue.length > 0 && waits[queue[0]].every(({ thread, count }) => done[thread] >= count),
      );
      const next = ready[stream.integer(ready.length)].shift()!;
      done[tasks[next].thread]++;
      order.push(next);
    }
    return order;
  }

  it('give the same however far threads get that wait for each other', () => {
    for (let round = 0; round < 300; round++) {
      const tasks = someTasks();
      const ordered = inOrder(tasks);
      const numbers = new Map(tasks.map((task, i) => [task, i]));
      const given = (order: readonly number[]) => order.map((i) => numbers.get(ordered[i])!);
      const wanted = outcome(tasks, [...tasks.keys()]);
      for (let mix = 0; mix < 5; mix++) {
        expect(outcome(tasks, given(someWaitingOrder(ordered))), JSON.stringify(tasks)).toEqual(wanted);
      }
    }
  });

  it('give the same however the threads are mixed within an epoch', () => {
    for (let round = 0; round < 300; round++) {
      const tasks = someTasks();
      const epochs = epochsOf(tasks);
      const wanted = outcome(tasks, [...tasks.keys()]);
      for (let mix = 0; mix < 5; mix++) {
        expect(outcome(tasks, someOrder(tasks, epochs, stream)), JSON.stringify(tasks)).toEqual(wanted);
      }
    }
  });
});
