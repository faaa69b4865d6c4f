import type { LocalArrays } from '../../compile/local_arrays.js';
import type { SharedArrays } from '../../compile/shared_arrays.js';
import type { BoundStage, NamedArrays, StageRunner } from '../../compile/stage.js';
import { sizeOf } from '../../nn/parameters.js';
import type { Progress } from '../../threads/progress.js';
import type { Drawn, Operation, Place, Program } from './program.js';

/** A function that makes a step of a dual variable; only the calling thread has one. */
export type DualStepper = (step: number, update: number) => void;

/** An operation with all its arrays found. */
type BoundOperation = () => Promise<void> | void;

/** A copy between memory that native libraries may see and shared memory, which they refuse. */
type Transfer = () => void;

/**
 * One thread of a learner: stages, the arrays that are its own and those that all threads share. A program is bound
 * to them once, when it is loaded.
 */
export class Machine {
  private readonly runners = new Map<string, StageRunner>();
  /** Stand-ins for shared arrays, by stage and port. */
  private readonly standIns = new Map<string, Float32Array>();
  private readonly programs = new Map<string, readonly BoundOperation[]>();

  constructor(
    readonly local: LocalArrays,
    readonly shared: SharedArrays,
    private readonly progress: Progress,
    private readonly stepDual: DualStepper | null,
  ) {}

  add(runner: StageRunner): void {
    this.runners.set(runner.name, runner);
  }

  /** Binds a program to the arrays. Throws, naming stage and array, if one is missing or of another size. */
  load(name: string, program: Program): void {
    this.programs.set(
      name,
      program.map((operation) => this.bind(operation)),
    );
  }

  /** Runs a program that was loaded. */
  async run(name: string): Promise<void> {
    for (const operation of this.programs.get(name)!) {
      const pending = operation();
      if (pending) await pending;
    }
  }

  /** A stage on these places, to be run at will. */
  bindStage(
    stage: string,
    inputs: Readonly<Record<string, Place>>,
    outputs: Readonly<Record<string, Place>>,
  ): BoundOperation {
    const runner = this.runners.get(stage);
    if (!runner) throw new Error(`stage ${stage} was not prepared`);
    const before: Transfer[] = [];
    const after: Transfer[] = [];
    const arraysIn = this.arrays(runner, 'inputs', inputs, before);
    const arraysOut = this.arrays(runner, 'outputs', outputs, after);
    return transferring(runner.bind(arraysIn, arraysOut), before, after);
  }

  async dispose(): Promise<void> {
    for (const runner of this.runners.values()) await runner.dispose();
    this.runners.clear();
  }

  private bind(operation: Operation): BoundOperation {
    switch (operation.kind) {
      case 'wait': {
        const { thread, count } = operation;
        return () => this.progress.wait(thread, count);
      }
      case 'reach': {
        const { count } = operation;
        return () => this.progress.reach(count);
      }
      case 'meet': {
        const { count } = operation;
        return () => this.progress.meet(count);
      }
      case 'copy': {
        const [from, to] = [this.find(operation.from), this.find(operation.to)];
        return () => to.set(from);
      }
      case 'dual-step': {
        const { step, update } = operation;
        return () => this.stepDual!(step, update);
      }
      case 'stage': {
        const { stage, inputs, outputs, only } = operation;
        const run = this.bindStage(stage, inputs, outputs);
        if (!only) return run;
        const drawn = this.drawn(only.drawn);
        return () => (drawn.includes(only.member) ? run() : undefined);
      }
    }
  }

  /** The arrays of a stage's ports; those in shared memory get a stand-in and a transfer. */
  private arrays(
    runner: StageRunner,
    side: 'inputs' | 'outputs',
    places: Readonly<Record<string, Place>>,
    transfers: Transfer[],
  ): NamedArrays {
    const arrays: NamedArrays = {};
    for (const [port, shape] of Object.entries(runner[side])) {
      const size = sizeOf(shape);
      const place = places[port];
      if (!place) throw new Error(`stage ${runner.name}: nothing is bound to its "${port}"`);
      if (place.in === 'own') {
        arrays[port] = sized(this.local.get(place.name), size, runner.name, place.name);
        continue;
      }
      const standIn = this.standIn(`${runner.name}:${side}:${port}`, size);
      arrays[port] = standIn;
      if (place.in === 'chosen') {
        const { name, starts, drawn: where, index } = place;
        const blocks = starts.map((start) => this.block(name, start, size));
        const drawn = this.drawn(where);
        transfers.push(() => standIn.set(blocks[drawn[index]]));
      } else {
        const block = sized(this.find(place), size, runner.name, place.name);
        transfers.push(side === 'inputs' ? () => standIn.set(block) : () => block.set(standIn));
      }
    }
    return arrays;
  }

  private find(place: Place): Float32Array {
    if (place.in === 'own') return this.local.get(place.name);
    if (place.in === 'shared') return this.block(place.name, place.start, place.size);
    throw new Error(`"${place.name}" of a member that is drawn can't be copied`);
  }

  private block(name: string, start: number, size: number): Float32Array {
    const whole = this.shared.get(name);
    if (start + size > whole.length) {
      throw new RangeError(`"${name}" holds ${whole.length} numbers, not ${start + size}`);
    }
    return whole.subarray(start, start + size);
  }

  private drawn({ name, start, count }: Drawn): Float32Array {
    return this.block(name, start, count);
  }

  private standIn(key: string, size: number): Float32Array {
    const known = this.standIns.get(key) ?? new Float32Array(size);
    this.standIns.set(key, known);
    return known;
  }
}

function transferring(
  run: BoundStage,
  before: readonly Transfer[],
  after: readonly Transfer[],
): BoundOperation {
  return async () => {
    for (const transfer of before) transfer();
    const pending = run();
    if (pending) await pending;
    for (const transfer of after) transfer();
  };
}

function sized(array: Float32Array, size: number, stage: string, name: string): Float32Array {
  if (array.length === size) return array;
  throw new Error(`stage ${stage} needs ${size} numbers of "${name}", which holds ${array.length}`);
}
