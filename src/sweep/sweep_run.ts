import { type ChildOptions, type ChildTraining, startTraining } from './child_training.js';
import type { PlannedPoint } from './plan.js';
import { currentProgress, earlierProgress, endedProgress, type PointProgress } from './point_progress.js';

/** The state and progress of one point of a sweep. */
export interface PointStatus {
  point: PlannedPoint;
  state: 'waiting' | 'running' | 'finished' | 'interrupted' | 'failed';
  progress: PointProgress;
  /** Reason of the failure. */
  error: string | null;
}

/** Listeners to a sweep while it runs. If one throws, the sweep stops and throws that. */
export interface SweepListener {
  started(status: PointStatus): void | Promise<void>;
  ended(status: PointStatus): Promise<void>;
}

/** Trains the points of a sweep, some at a time, each in a process of its own. */
export class SweepRun {
  readonly statuses: PointStatus[];
  private readonly running = new Map<PointStatus, ChildTraining>();
  private stopped = false;

  constructor(
    points: readonly PlannedPoint[],
    private readonly options: ChildOptions,
  ) {
    this.statuses = points.map((point) => ({
      point,
      state: point.action === 'skip' ? 'finished' : 'waiting',
      progress: earlierProgress(point),
      error: null,
    }));
  }

  /** Trains the waiting points, `workers` at a time; a point that fails doesn't stop the others. */
  async run(workers: number, listener: SweepListener): Promise<void> {
    const waiting = this.statuses.filter(({ state }) => state === 'waiting');
    const work = async () => {
      for (let next = waiting.shift(); next && !this.stopped; next = waiting.shift()) {
        await this.train(next, listener);
      }
    };
    const ends = await Promise.allSettled(Array.from({ length: workers }, () => this.stopOnError(work())));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }

  /** Asks the running trainings to save and end, and starts no more. */
  stop(): void {
    this.stopped = true;
    for (const training of this.running.values()) training.stop();
  }

  /** Asks one training to save and end; the others go on. */
  stopPoint(status: PointStatus): void {
    this.running.get(status)?.stop();
  }

  /** Looks up the progress of the running points. */
  refresh(): void {
    for (const status of this.statuses) {
      if (status.state === 'running') status.progress = currentProgress(status.point, status.progress);
    }
  }

  /** Stops the sweep if `work` fails: its trainings would go on, and nobody would watch them any more. */
  private async stopOnError(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      this.stop();
      throw error;
    }
  }

  private async train(status: PointStatus, { started, ended }: SweepListener): Promise<void> {
    const training = startTraining(status.point, this.options);
    this.running.set(status, training);
    status.state = 'running';
    await started(status);
    const ending = await training.ended;
    this.running.delete(status);
    status.progress = endedProgress(status.point, status.progress);
    status.state = ending.state;
    status.error = ending.state === 'failed' ? ending.error : null;
    await ended(status);
  }
}
