import type { SharedArrays } from '../../compile/shared_arrays.js';
import { adamScalars } from '../../nn/adam.js';
import { namedStream, type RandomStream, type StreamName } from '../../rng.js';
import type { DualStep, Noise, Optimiser, Step, Subset } from '../algorithm.js';
import { allOptimisers } from './memory.js';
import type { LearnerModel } from './model.js';

/** All that updates need besides the batch: random draws, and how far each optimiser goes. */
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

  /** How many updates of a phase were made, by the count of an optimiser that steps in each of them. */
  updatesOf(phase: string): number {
    const steady = this.model.phases[phase].steps.find((step) => step.every === 1 && optimiserOf(step));
    if (!steady) throw new Error(`no step of the phase "${phase}" trains a network in every update`);
    return this.counters[counterName(optimiserOf(steady)!.counter)];
  }

  /** Prepares update `update` of a chunk, in which these steps run. */
  prepare(update: number, steps: readonly (Step | DualStep)[]): void {
    const draws = steps.flatMap((step) => (step.kind === 'step' ? this.model.draws.get(step)! : []));
    for (const draw of new Set(draws)) this.draw(draw, update);
    const optimisers = steps.flatMap((step) => optimiserOf(step) ?? []);
    for (const counter of new Set(optimisers.map((optimiser) => counterName(optimiser.counter)))) {
      this.counters[counter]++;
    }
    for (const optimiser of optimisers) this.writeAdam(optimiser, update);
  }

  private draw(draw: Noise | Subset, update: number): void {
    const stream = this.streams[draw.stream];
    const array = this.shared.get(draw.name);
    if (draw.kind === 'subset') {
      array.set(stream.choose(draw.size, draw.ensemble.members), update * draw.size);
      return;
    }
    const size = this.model.sizes.batchSize * draw.width;
    stream.fillNormal(array.subarray(update * size, (update + 1) * size));
  }

  private writeAdam({ name, counter, decaySteps }: Optimiser, update: number): void {
    const step = this.counters[counterName(counter)];
    const left = decaySteps === null ? 1 : cosineDecay(step - 1, decaySteps);
    const { stepSize, epsilon } = adamScalars(this.rates.get(name)! * left, step);
    this.shared.get(`${name}StepSize`)[update] = stepSize;
    this.shared.get(`${name}Epsilon`)[update] = epsilon;
  }
}

function optimiserOf(step: Step | DualStep): Optimiser | undefined {
  return step.kind === 'dual-step' ? step.optimiser : step.trains?.optimiser;
}

function counterName(counter: string): string {
  return `${counter}Steps`;
}

/** The share of a learning rate that is left after so many of its steps: half a cosine from 1 to 0. */
function cosineDecay(steps: number, decaySteps: number): number {
  return 0.5 * (1 + Math.cos(Math.PI * Math.min(1, steps / decaySteps)));
}
