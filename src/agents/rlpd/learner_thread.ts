import { SharedArrays } from '../../compile/shared_arrays.js';
import type { StageExecutor } from '../../compile/stage_executor.js';
import type { Barrier } from '../../threads/barrier.js';
import { writeActorMetrics, writeCloneMetrics, writeCriticMetrics, writeTargetMetrics } from './metrics.js';
import type { RlpdOptions } from './options.js';
import { StageRuns } from './stage_runs.js';
import { stepTemperature, targetEntropy } from './temperature.js';
import { criticsOf, partsOf, type ThreadPlace } from './thread_place.js';

/** What all threads of a learner do together. `save` and `load` move the state to and from shared memory. */
export type LearnerCommand =
  | { kind: 'update' | 'clone'; count: number }
  | { kind: 'save' | 'load'; sizes: Record<string, number>; buffer: SharedArrayBuffer };

/** Updates with one policy, which may be stepped after them. */
interface Round {
  updates: readonly number[];
  stepsActor: boolean;
}

/**
 * One thread's part in training. Every thread runs the same code: it trains the critics that live on it, and up to two
 * threads hold copies of the actor, which each differentiate for one half of the rows and step with the sum. What
 * others need goes through shared arrays, with a barrier before it is read. Which thread computes what changes nothing
 * in the results.
 */
export class LearnerThread {
  private readonly critics: readonly number[];
  private readonly parts: readonly number[];
  private readonly allParts: readonly number[];
  private readonly stages: StageRuns;

  constructor(
    private readonly options: RlpdOptions,
    private readonly place: ThreadPlace,
    private readonly executor: StageExecutor,
    private readonly shared: SharedArrays,
    private readonly barrier: Barrier,
  ) {
    this.critics = criticsOf(options, place);
    this.parts = partsOf(options, place);
    this.allParts = partsOf(options, { index: 0, count: 1 });
    this.stages = new StageRuns(options, executor);
  }

  async run(command: LearnerCommand): Promise<void> {
    switch (command.kind) {
      case 'update':
        for (const round of this.rounds(command.count)) await this.round(round);
        break;
      case 'clone':
        for (let update = 0; update < command.count; update++) await this.clone(update);
        break;
      case 'save':
        this.save(new SharedArrays(command.sizes, command.buffer));
        break;
      case 'load':
        this.load(new SharedArrays(command.sizes, command.buffer));
        break;
    }
    await this.barrier.wait();
  }

  /** Copies what this thread has of the state. Copies of the actor are equal, so each may be the one that is saved. */
  private save(state: SharedArrays): void {
    for (const name of Object.keys(state.sizes)) {
      const array = this.executor.local.find(name);
      if (array) state.write(name, array);
    }
  }

  /** The reverse of {@link save}. */
  private load(state: SharedArrays): void {
    for (const name of Object.keys(state.sizes)) {
      this.executor.local.find(name)?.set(state.get(name));
    }
  }

  /** The updates of a chunk by the policy that they are made with. */
  private rounds(count: number): Round[] {
    const rounds: Round[] = [];
    let updates: number[] = [];
    for (let update = 0; update < count; update++) {
      updates.push(update);
      const stepsActor = this.shared.get('stepsActor')[update] === 1;
      if (!stepsActor && update + 1 < count) continue;
      rounds.push({ updates, stepsActor });
      updates = [];
    }
    return rounds;
  }

  /** Steps of every critic, and then perhaps one of the actor and the temperature (RLPD algorithm 1). */
  private async round({ updates, stepsActor }: Round): Promise<void> {
    const last = updates[updates.length - 1];
    for (const part of this.parts) {
      if (stepsActor) await this.stages.samplePolicy(last, part);
      for (const update of updates) await this.stages.sampleNext(update, part);
    }
    await this.barrier.wait();
    for (const update of updates) {
      const chosen = this.chosen(update);
      for (const k of this.critics) if (chosen.includes(k)) await this.stages.nextValue(update, k);
      await this.barrier.wait();
      for (const k of this.critics) await this.stepCritic(update, k, chosen);
      if (this.place.index === 0) writeTargetMetrics(this.shared, this.options, update);
    }
    if (stepsActor) await this.stepPolicy(last);
  }

  /** One step of the actor, and of the temperature, on the batch of an update. */
  private async stepPolicy(update: number): Promise<void> {
    for (const k of this.critics) await this.stages.actionGradient(update, k);
    await this.barrier.wait();
    for (const part of this.parts) {
      await this.stages.actorGradient(update, part);
      this.publish(part);
    }
    await this.barrier.wait();
    await this.stepActor(update, 'actor');
    if (this.place.index === 0) this.finishActorStep(update);
  }

  /** One step of behaviour cloning. */
  private async clone(update: number): Promise<void> {
    for (const part of this.parts) {
      await this.stages.cloneGradient(update, part);
      this.publish(part);
    }
    await this.barrier.wait();
    await this.stepActor(update, 'clone');
    if (this.place.index === 0) writeCloneMetrics(this.shared, update);
    // What the next step publishes must not overwrite what another thread is still reading.
    await this.barrier.wait();
  }

  private async stepCritic(update: number, k: number, chosen: readonly number[]): Promise<void> {
    await this.stages.criticGradient(update, k, chosen);
    await this.stages.criticOptimiser(update, k);
    writeCriticMetrics(this.shared, this.options, update, k);
  }

  /** Lets the other threads see this part's share of the actor's gradient. */
  private publish(part: number): void {
    if (this.place.count === 1) return;
    const group = `actorGradient${part}`;
    this.shared.write(`shared/${group}`, this.executor.local.get(group));
  }

  /** Steps this thread's copy of the actor, if it has one, with the gradients of all parts. */
  private async stepActor(update: number, optimiser: 'actor' | 'clone'): Promise<void> {
    if (this.parts.length === 0) return;
    for (const part of this.allParts) {
      const group = `actorGradient${part}`;
      if (!this.parts.includes(part)) {
        this.executor.local.get(group).set(this.shared.get(`shared/${group}`));
      }
    }
    await this.stages.actorOptimiser(update, optimiser, this.place.index);
  }

  private finishActorStep(update: number): void {
    const { shared, options } = this;
    const entropy = writeActorMetrics(shared, options, update);
    if (!options.learnableTemperature) return;
    stepTemperature(shared, entropy, targetEntropy(options), {
      stepSize: shared.get('temperatureStepSize')[update],
      epsilon: shared.get('temperatureEpsilon')[update],
    });
  }

  private chosen(update: number): number[] {
    const { numMinQs } = this.options;
    return [...this.shared.get('chosen').subarray(update * numMinQs, (update + 1) * numMinQs)];
  }
}
