/** Kinds of work on which an online run spends its time. */
export type Phase = 'rollout' | 'update' | 'eval' | 'save' | 'log';

/** Adds up wall-clock seconds by phase. */
export class PhaseClock {
  private seconds = noSeconds();

  /** Runs a piece of work of this phase. */
  async time<Result>(phase: Phase, work: () => Result | Promise<Result>): Promise<Result> {
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.seconds[phase] += (performance.now() - start) / 1000;
    }
  }

  /** The seconds of each phase since the last call; the next ones begin anew. */
  drain(): Record<Phase, number> {
    const drained = this.seconds;
    this.seconds = noSeconds();
    return drained;
  }

  getState(): Record<Phase, number> {
    return { ...this.seconds };
  }

  setState(seconds: Record<Phase, number>): void {
    this.seconds = { ...seconds };
  }
}

function noSeconds(): Record<Phase, number> {
  return { rollout: 0, update: 0, eval: 0, save: 0, log: 0 };
}
