import { block } from '../../compile/stage.js';
import type { StageExecutor } from '../../compile/stage_executor.js';
import type { RlpdOptions } from './options.js';
import { policyParts } from './shapes.js';

/**
 * The stages of training by what they are run on: update `update` of a chunk, critic `k`, part `part` of the batch's
 * rows. Here is which arrays each of them reads and writes.
 */
export class StageRuns {
  private readonly parts: number;

  constructor(
    private readonly options: RlpdOptions,
    private readonly executor: StageExecutor,
  ) {
    this.parts = policyParts(options);
  }

  /** The actions on a part of the batch that the actor step is about. */
  samplePolicy(update: number, part: number): Promise<void> {
    const rows = this.rows(update, part);
    return this.executor.run('sample', {
      observations: block('observations', rows),
      noise: block('noise', rows),
      sampledActions: block('policyActions', part),
      // Of no interest here; `sampleNext` of the same rows has to come after this.
      sampledLogProbability: block('nextLogProbability', rows),
    });
  }

  /** The next actions of a part of the batch. */
  sampleNext(update: number, part: number): Promise<void> {
    const rows = this.rows(update, part);
    return this.executor.run('sample', {
      observations: block('nextObservations', rows),
      noise: block('nextNoise', rows),
      sampledActions: block('nextActions', rows),
      sampledLogProbability: block('nextLogProbability', rows),
    });
  }

  /** Target critic k's values of the next actions. */
  nextValue(update: number, k: number): Promise<void> {
    return this.executor.run('nextValue', {
      target: `target${k}`,
      nextObservations: block('nextObservations', update),
      nextActions: block('nextActions', update),
      nextLogProbability: block('nextLogProbability', update),
      nextQ: this.nextQ(update, k),
    });
  }

  /** Critic k's gradient, towards the lowest of the chosen critics' next values. */
  criticGradient(update: number, k: number, chosen: readonly number[]): Promise<void> {
    return this.executor.run('criticGradient', {
      critic: `critic${k}`,
      observations: block('observations', update),
      actions: block('actions', update),
      rewards: block('rewards', update),
      discounts: block('discounts', update),
      criticQ: block('criticQ', k),
      targetQ: block('targetQ', k),
      ...Object.fromEntries(chosen.map((member, i) => [`chosenQ${i}`, this.nextQ(update, member)])),
    });
  }

  criticOptimiser(update: number, k: number): Promise<void> {
    return this.executor.run('criticOptimiser', {
      critic: `critic${k}`,
      criticFirst: `criticFirst${k}`,
      criticSecond: `criticSecond${k}`,
      target: `target${k}`,
      criticStepSize: block('criticStepSize', update),
      criticEpsilon: block('criticEpsilon', update),
      criticSquaredNorm: block('criticSquaredNorm', k),
    });
  }

  actionGradient(update: number, k: number): Promise<void> {
    return this.executor.run('actionGradient', {
      critic: `critic${k}`,
      observations: block('observations', update),
      policyQ: block('policyQ', k),
      actionGradient: block('actionGradient', k),
    });
  }

  actorGradient(update: number, part: number): Promise<void> {
    const rows = this.rows(update, part);
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
      binding[`actionGradient${k}`] = block('actionGradient', k * this.parts + part);
    }
    return this.executor.run('actorGradient', binding);
  }

  cloneGradient(update: number, part: number): Promise<void> {
    const rows = this.rows(update, part);
    return this.executor.run('cloneGradient', {
      observations: block('observations', rows),
      actions: block('actions', rows),
      noise: block('noise', rows),
      imitationLosses: block('imitationLosses', part),
      actorGradient: `actorGradient${part}`,
    });
  }

  /** @param copy which copy of the actor this is, as far as it has something to report */
  actorOptimiser(update: number, optimiser: 'actor' | 'clone', copy: number): Promise<void> {
    return this.executor.run('actorOptimiser', {
      actorFirst: `${optimiser}First`,
      actorSecond: `${optimiser}Second`,
      actorStepSize: block('actorStepSize', update),
      actorEpsilon: block('actorEpsilon', update),
      actorSquaredNorm: block('actorSquaredNorm', copy),
    });
  }

  /** Which block of so many rows a part of an update's batch is. */
  private rows(update: number, part: number): number {
    return update * this.parts + part;
  }

  /** Where critic k's values of an update's next actions lie. */
  private nextQ(update: number, k: number): string {
    return block('nextQ', (update % 2) * this.options.numQs + k);
  }
}
