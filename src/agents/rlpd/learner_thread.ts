import type { Groups } from '../../compile/local_arrays.js';
import { SharedArrays } from '../../compile/shared_arrays.js';
import { block } from '../../compile/stage.js';
import type { StageExecutor } from '../../compile/stage_executor.js';
import type { Barrier } from '../../threads/barrier.js';
import { CRITIC_METRICS } from './exchange.js';
import { writeActorMetrics, writeCloneMetrics, writeCriticMetrics, writeTargetMetrics } from './metrics.js';
import type { RlpdOptions } from './options.js';
import { policyParts } from './shapes.js';
import { stepTemperature, targetEntropy } from './temperature.js';

/** What all threads of a learner do together. `save` and `load` move the state to and from shared memory. */
export type LearnerCommand =
  | { kind: 'update' | 'clone'; count: number }
  | { kind: 'save' | 'load'; sizes: Record<string, number>; buffer: SharedArrayBuffer };

/** Which thread this is, of how many. */
export interface ThreadPlace {
  index: number;
  count: number;
}

/** The critics that live on a thread. */
export function criticsOf({ numQs }: RlpdOptions, { index, count }: ThreadPlace): number[] {
  return Array.from({ length: numQs }, (_, k) => k).filter((k) => k % count === index);
}

/** The parts of a batch for which a thread runs the policy; it has a copy of the actor if there are any. */
export function partsOf(options: RlpdOptions, { index, count }: ThreadPlace): number[] {
  return Array.from({ length: policyParts(options) }, (_, part) => part).filter(
    (part) => part % count === index,
  );
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
  }

  async run(command: LearnerCommand): Promise<void> {
    switch (command.kind) {
      case 'update':
        for (let update = 0; update < command.count; update++) await this.update(update);
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

  /** Copies the state of this thread's critics, and in the first thread the actor's, to arrays of the groups' names. */
  private save(state: SharedArrays): void {
    for (const group of Object.keys(state.sizes)) {
      if (this.owns(group)) state.write(group, this.executor.local.get(group));
    }
  }

  /** The reverse of {@link save}; every copy of the actor is loaded. */
  private load(state: SharedArrays): void {
    for (const group of Object.keys(state.sizes)) {
      this.executor.local.find(group)?.set(state.get(group));
    }
  }

  /** One step of every critic, and of the actor and the temperature where it is their turn (RLPD algorithm 1). */
  private async update(update: number): Promise<void> {
    const stepsActor = this.shared.get('stepsActor')[update] === 1;
    for (const part of this.parts) await this.sample(update, part, stepsActor);
    await this.barrier.wait();

    const chosen = this.chosen(update);
    for (const k of this.critics) if (chosen.includes(k)) await this.nextValue(update, k);
    await this.barrier.wait();

    for (const k of this.critics) {
      await this.stepCritic(update, k, chosen);
      if (stepsActor) await this.executor.run('actionGradient', this.actionGradientBinding(update, k));
    }
    if (this.place.index === 0) writeTargetMetrics(this.shared, this.options, update);
    if (!stepsActor) return;
    await this.barrier.wait();

    for (const part of this.parts) {
      await this.executor.run('actorGradient', this.actorGradientBinding(update, part));
      this.publish(part);
    }
    await this.barrier.wait();
    await this.stepActor(update, 'actor');
    if (this.place.index === 0) this.finishActorStep(update);
  }

  /** One step of behaviour cloning. */
  private async clone(update: number): Promise<void> {
    for (const part of this.parts) {
      const rows = update * this.allParts.length + part;
      await this.executor.run('cloneGradient', {
        observations: block('observations', rows),
        actions: block('actions', rows),
        noise: block('noise', rows),
        imitationLosses: block('imitationLosses', part),
        actorGradient: `actorGradient${part}`,
      });
      this.publish(part);
    }
    await this.barrier.wait();
    await this.stepActor(update, 'clone');
    if (this.place.index === 0) writeCloneMetrics(this.shared, update);
    // What the next step publishes must not overwrite what another thread is still reading.
    await this.barrier.wait();
  }

  /** The next actions of a part of the batch, and the actions on it that the actor step is about. */
  private async sample(update: number, part: number, stepsActor: boolean): Promise<void> {
    const rows = update * this.allParts.length + part;
    if (stepsActor) {
      await this.executor.run('sample', {
        observations: block('observations', rows),
        noise: block('noise', rows),
        sampledActions: block('policyActions', part),
        // Of no interest here, and overwritten at once.
        sampledLogProbability: block('nextLogProbability', part),
      });
    }
    await this.executor.run('sample', {
      observations: block('nextObservations', rows),
      noise: block('nextNoise', rows),
      sampledActions: block('nextActions', part),
      sampledLogProbability: block('nextLogProbability', part),
    });
  }

  private async nextValue(update: number, k: number): Promise<void> {
    await this.executor.run('nextValue', {
      target: `target${k}`,
      nextObservations: block('nextObservations', update),
      nextQ: block('nextQ', k),
    });
  }

  private async stepCritic(update: number, k: number, chosen: readonly number[]): Promise<void> {
    await this.executor.run('criticGradient', {
      critic: `critic${k}`,
      observations: block('observations', update),
      actions: block('actions', update),
      rewards: block('rewards', update),
      discounts: block('discounts', update),
      criticQ: block('criticQ', k),
      targetQ: block('targetQ', k),
      ...Object.fromEntries(chosen.map((member, i) => [`chosenQ${i}`, block('nextQ', member)])),
    });
    await this.executor.run('criticOptimiser', {
      critic: `critic${k}`,
      criticFirst: `criticFirst${k}`,
      criticSecond: `criticSecond${k}`,
      target: `target${k}`,
      criticStepSize: block('criticStepSize', update),
      criticEpsilon: block('criticEpsilon', update),
      criticSquaredNorm: block('criticSquaredNorm', k),
    });
    const row = (update * this.options.numQs + k) * CRITIC_METRICS.length;
    writeCriticMetrics(this.shared, this.options, k, row);
  }

  private actionGradientBinding(update: number, k: number): Record<string, string> {
    return {
      critic: `critic${k}`,
      observations: block('observations', update),
      actions: block('actions', update),
      policyQ: block('policyQ', k),
      demoQ: block('demoQ', k),
      actionGradient: block('actionGradient', k),
    };
  }

  private actorGradientBinding(update: number, part: number): Record<string, string> {
    const parts = this.allParts.length;
    const rows = update * parts + part;
    const binding: Record<string, string> = {
      observations: block('observations', rows),
      actions: block('actions', rows),
      noise: block('noise', rows),
      imitationWeights: block('imitationWeights', part),
      logProbability: block('logProbability', part),
      imitationLosses: block('imitationLosses', part),
      actorGradient: `actorGradient${part}`,
    };
    for (let k = 0; k < this.options.numQs; k++) {
      for (const name of ['actionGradient', 'policyQ', 'demoQ']) {
        binding[`${name}${k}`] = block(name, k * parts + part);
      }
    }
    return binding;
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
    await this.executor.run('actorOptimiser', {
      actorFirst: `${optimiser}First`,
      actorSecond: `${optimiser}Second`,
      actorStepSize: block('actorStepSize', update),
      actorEpsilon: block('actorEpsilon', update),
      actorSquaredNorm: block('actorSquaredNorm', this.place.index),
    });
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

  /** Whether this thread is the one whose copy of a group is saved. */
  private owns(group: string): boolean {
    const isActor = group.startsWith('actor') || group.startsWith('clone');
    return this.executor.local.find(group) !== undefined && (!isActor || this.place.index === 0);
  }
}

/** The groups of arrays that a thread keeps. */
export function localGroups(
  model: {
    actorGroups: Groups;
    actorGradients: Groups;
    criticGradient: Groups;
    criticGroups(k: number): Groups;
  },
  options: RlpdOptions,
  place: ThreadPlace,
): Groups {
  const hasActor = partsOf(options, place).length > 0;
  return {
    ...(hasActor ? { ...model.actorGroups, ...model.actorGradients } : {}),
    ...Object.assign({}, ...criticsOf(options, place).map((k) => model.criticGroups(k))),
    ...model.criticGradient,
  };
}
