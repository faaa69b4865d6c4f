import type { ReplayBuffer } from '../../buffers/replay_buffer.js';
import type { Refresh } from '../refresh.js';
import type { ObservationView } from '../view/observation_view.js';
import type { Engine } from './engine.js';
import { Valuing } from './valuing.js';

/** The columns that an algorithm makes itself, and the updates since it did. */
export class Refreshing {
  /** Updates since the last time; so many at first that they are due. */
  private updates: number;
  private readonly valuing: Valuing;

  constructor(
    private readonly rule: Refresh,
    engine: Engine,
    observationDim: number,
    view: ObservationView,
  ) {
    this.updates = rule.every;
    this.valuing = new Valuing(rule.value, engine, observationDim, view);
  }

  get updatesLeft(): number {
    return Math.max(0, this.rule.every - this.updates);
  }

  countUpdates(count: number): void {
    this.updates += count;
  }

  async refresh(buffers: readonly ReplayBuffer[], discount: number): Promise<void> {
    const valued = [];
    for (const buffer of buffers) valued.push(await this.valuing.valued(buffer, discount));
    this.rule.columns(valued).forEach((numbers, i) => {
      buffers[i].keep(numbers);
    });
    this.updates = 0;
  }

  /** The counters that are part of an agent's state. */
  get counters(): Record<string, number> {
    return { updatesSinceRefresh: this.updates };
  }

  setCounters({ updatesSinceRefresh }: Record<string, number>): void {
    this.updates = updatesSinceRefresh;
  }
}
