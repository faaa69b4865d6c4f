import type { RewardMode } from '../env.js';
import { SUCCESS_TERM, type Task } from './define_task.js';
import type { Numbers, TaskWorld } from './task.js';

/** The modes in which a task rewards. */
export function rewardModesOf({ reward }: Task): RewardMode[] {
  return reward ? ['normalized_dense', 'dense', 'sparse', 'none'] : ['sparse', 'none'];
}

/** The reward of one environment. */
export class TaskReward {
  /** The named terms whose sum is the dense reward; the same names at every step. */
  readonly terms: Numbers;

  constructor(
    private readonly task: Task,
    private readonly mode: RewardMode,
  ) {
    const names = task.reward ? [SUCCESS_TERM, ...task.reward.terms] : [];
    this.terms = Object.seal(Object.fromEntries(names.map((name) => [name, 0])));
  }

  /** Writes the terms of the present state, and returns its reward. */
  rate(world: TaskWorld, success: boolean): number {
    const dense = this.rateDensely(world, success);
    switch (this.mode) {
      case 'none':
        return 0;
      case 'sparse':
        return success ? 1 : 0;
      case 'dense':
        return dense;
      case 'normalized_dense':
        return dense / (this.task.reward?.success ?? 1);
    }
  }

  /** The sum of the task's terms; the term `success` raises it to the reward of a success. */
  private rateDensely(world: TaskWorld, success: boolean): number {
    const { terms } = this;
    const { reward } = this.task;
    if (!reward) return 0;
    terms[SUCCESS_TERM] = 0;
    reward.rate(world, terms);
    let sum = 0;
    for (const name in terms) sum += terms[name];
    if (!Number.isFinite(sum)) this.refuse();
    if (!success) return sum;
    terms[SUCCESS_TERM] = reward.addsSuccess ? reward.success : reward.success - sum;
    return reward.addsSuccess ? sum + reward.success : reward.success;
  }

  private refuse(): never {
    const wrong = Object.entries(this.terms).find(([, value]) => !Number.isFinite(value));
    throw new Error(`${this.task.id}: the reward term "${wrong?.[0]}" is ${wrong?.[1]}`);
  }
}
