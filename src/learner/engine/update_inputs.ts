import type { SharedArrays } from '../../compile/shared_arrays.js';
import { adamScalars } from '../../nn/adam.js';
import { namedStream, type RandomStream, type StreamName } from '../../rng.js';
import type { Course } from '../agent.js';
import type { PhaseStep } from '../algorithm.js';
import type { Decay, Noise, Optimiser, Subset } from '../step.js';
import { allOptimisers, optimiserOf, steadyOptimiser } from './memory.js';
import type { LearnerModel } from './model.js';

/** The inputs of updates besides the batch: random draws, numbers of schedules, and each optimiser's step size. */
export class UpdateInputs {
  readonly counters: Record<string, number>;
  readonly streams: Record<string, RandomStream>;
  private readonly rates: Map<string, number>;

  constructor(
    private readonly model: LearnerModel,
    private readonly shared: SharedArrays,
    seed: number,
  ) {
    const optimisers = allOptimisers(model.declaration);
    this.counters = Object.fromEntries(optimisers.map(({ counter }) => [counterName(counter), 0]));
    this.rates = new Map(optimisers.map(({ name, learningRate }) => [name, learningRate]));
    const draws = [...model.draws.values()].flat();
    // Acting draws noise, too.
    const names = new Set<StreamName>(['agent-noise', ...draws.map(({ stream }) => stream)]);
    this.streams = Object.fromEntries([...names].map((name) => [name, namedStream(seed, name)]));
  }

  /** Changes a learning rate. Throws if there is no optimiser of that name. */
  setLearningRate(optimiser: string, value: number): void {
    if (!this.rates.has(optimiser)) {
      throw new RangeError(`no optimiser "${optimiser}"; there are: ${[...this.rates.keys()].join(', ')}`);
    }
    this.rates.set(optimiser, value);
  }

  /** The number of updates of a phase that were made. */
  updatesOf(phase: string): number {
    return this.counters[counterName(steadyOptimiser(this.model.phases[phase].steps)!.counter)];
  }

  /** Prepares update `update` of a chunk, in which these steps run. `course` is its place in the phase, if that is known. */
  prepare(update: number, steps: readonly PhaseStep[], course: Course | null): void {
    const draws = steps.flatMap((step) => (step.kind === 'step' ? this.model.draws.get(step)! : []));
    for (const draw of new Set(draws)) this.draw(draw, update);
    for (const { name, counter, at } of this.model.schedules) {
      this.shared.get(name)[update] = at(this.counters[counterName(counter)]);
    }
    const optimisers = steps.flatMap((step) => optimiserOf(step) ?? []);
    for (const counter of new Set(optimisers.map((optimiser) => counterName(optimiser.counter)))) {
      this.counters[counter]++;
    }
    for (const optimiser of optimisers) this.writeAdam(optimiser, update, course);
  }

  private draw(draw: Noise | Subset, update: number): void {
    const stream = this.streams[draw.stream];
    const array = this.shared.get(draw.name);
    if (draw.kind === 'subset') {
      array.set(stream.choose(draw.size, draw.ensemble.members), update * draw.size);
      return;
    }
    const size = this.model.sizes.batchSize * draw.width;
    const numbers = array.subarray(update * size, (update + 1) * size);
    switch (draw.distribution) {
      case 'normal':
        stream.fillNormal(numbers);
        return;
      case 'uniform':
        stream.fillUniform(numbers, -1, 1);
        return;
    }
  }

  private writeAdam({ name, counter, decay }: Optimiser, update: number, course: Course | null): void {
    const step = this.counters[counterName(counter)];
    const left = decay === null || course === null ? 1 : decayed(decay, course);
    const { stepSize, epsilon } = adamScalars(this.rates.get(name)! * left, step);
    this.shared.get(`${name}StepSize`)[update] = stepSize;
    this.shared.get(`${name}Epsilon`)[update] = epsilon;
  }
}

function counterName(counter: string): string {
  return `${counter}Steps`;
}

/** The factor of a learning rate that falls from 1 before the first update to 0 after the last. */
function decayed(decay: Decay, { done, planned }: Course): number {
  const share = Math.min(1, done / planned);
  switch (decay) {
    case 'linear':
      return 1 - share;
    case 'cosine':
      return 0.5 * (1 + Math.cos(Math.PI * share));
  }
}
