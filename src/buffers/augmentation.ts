import type { EnvironmentSpec } from '../../envs/env.js';
import { Symmetry } from '../../envs/symmetry.js';
import type { RandomStream } from '../rng.js';
import { COLUMNS } from './columns.js';
import { columnsOf, type TransitionBatches } from './transitions.js';

/** Other places from which transitions are seen. */
export interface AugmentationOptions {
  /** Mirror every other transition. */
  mirror: boolean;
  /** Turn each transition by up to this much, to either side. */
  turnRadians: number;
  /** True if the parts of an action are each stretched by a factor of its own (`train.data_action_scale`). */
  stretchedActions: boolean;
}

/**
 * Shows transitions as they would be elsewhere, where the task is the same (Lin et al. 2020, arXiv 1909.10707): their
 * observations and actions. Rewards and other numbers stay what they are.
 */
export class Augmentation {
  private readonly symmetry: Symmetry;

  /** Throws if the environment has no such symmetries, or if stretched parts of an action would be mixed. */
  constructor(
    private readonly spec: EnvironmentSpec,
    readonly options: AugmentationOptions,
  ) {
    this.symmetry = new Symmetry(spec);
    if (options.stretchedActions && options.turnRadians > 0 && this.symmetry.mixesActionParts) {
      throw new Error(
        `train.data_action_scale stretches the parts of an action in ${spec.controlMode} differently, so that they ` +
          'cannot be turned: leave one of the two out',
      );
    }
  }

  /**
   * Moves the rows `from` to `to` − 1 in place, each elsewhere; what is random is drawn from `stream`. A row with an action
   * that could not be done elsewhere is not turned.
   */
  apply(batches: TransitionBatches, from: number, to: number, stream: RandomStream): void {
    const { mirror, turnRadians } = this.options;
    const { observationDim, actionDim } = this.spec;
    const { symmetry } = this;
    const observations = columnsOfRow('observation', batches);
    const [actions, ...laterActions] = columnsOfRow('action', batches);
    for (let row = from; row < to; row++) {
      const start = row * observationDim;
      const actionStart = row * actionDim;
      if (mirror && stream.uniform() < 0.5) {
        for (const column of observations) symmetry.mirrorObservation(column, start);
        symmetry.mirrorAction(actions, actionStart);
        for (const column of laterActions) symmetry.mirrorAction(column, actionStart);
      }
      if (turnRadians > 0) {
        const radians = stream.uniform(-turnRadians, turnRadians);
        if (!laterActions.every((column) => this.isTurnable(column, radians, actionStart))) continue;
        if (!symmetry.turnAction(actions, radians, actionStart)) continue;
        for (const column of laterActions) symmetry.turnAction(column, radians, actionStart);
        for (const column of observations) symmetry.turnObservation(column, radians, start);
      }
    }
  }

  /** True if the action that begins at `start` has a turned counterpart. */
  private isTurnable(actions: Float32Array, radians: number, start: number): boolean {
    return this.symmetry.turnAction(actions.slice(start, start + this.spec.actionDim), radians);
  }
}

function columnsOfRow(kind: 'observation' | 'action', batches: TransitionBatches): Float32Array[] {
  return columnsOf(batches).flatMap(([name, column]) => (COLUMNS[name].row === kind ? [column] : []));
}
