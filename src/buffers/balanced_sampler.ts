import { namedStream, type RandomState, type RandomStream } from '../rng.js';
import type { Augmentation } from './augmentation.js';
import type { ReplayBuffer } from './replay_buffer.js';
import { SumTree } from './sum_tree.js';
import type { TransitionBatches } from './transitions.js';

/** The numbers that priorities follow from. */
export interface PriorityRule {
  /** T: a transition of ratio w is drawn in proportion to w^(1/T). */
  temperature: number;
  /** The share of experience in the batches when learning from it begins. */
  firstOnlineShare: number;
}

export interface BalancedSamplerOptions {
  data: ReplayBuffer;
  online: ReplayBuffer;
  rule: PriorityRule;
  /** γ of one step. */
  discount: number;
  /** Steps summed into one transition. */
  nSteps: number;
  /** Change of rows after they are drawn; null leaves them as they are. */
  augmentation: Augmentation | null;
  /** The run's seed, of which the stream `balanced-batches` is drawn. */
  seed: number;
}

/** The state of a sampler by priorities. */
export interface BalancedSamplerState {
  /** [rows of data + rows of experience] */
  priorities: Float32Array;
  /** The priority of new rows of experience; null before the first batch. */
  highest: number | null;
  stream: RandomState;
}

/** The limits of priorities, as in the authors' code. */
const LIMITS = [1e-3, 1e3] as const;

/**
 * The priorities w^(1/T) of transitions of ratios w, divided by the mean of those of data, between 1e-3 and 1e3 (Lee et al. 2021,
 * arXiv 2107.00591, section 4.1).
 */
export function prioritiesOf(
  ratios: Float32Array,
  dataRatios: Float32Array,
  temperature: number,
): Float32Array {
  const power = (ratio: number) => ratio ** (1 / temperature);
  const mean = dataRatios.reduce((sum, ratio) => sum + power(ratio), 0) / dataRatios.length;
  const [least, most] = LIMITS;
  return ratios.map((ratio) => Math.min(most, Math.max(least, power(ratio) / (mean + 1e-10))));
}

/**
 * Fills batches with transitions of data and experience, drawn with replacement in proportion to their priorities. All data begin with the
 * priority 1, and the experience that there is then with one by which it makes up `firstOnlineShare` of the batches; later experience has
 * the highest that any has had.
 */
export class BalancedSampler {
  private readonly tree: SumTree;
  private readonly stream: RandomStream;
  private highest: number | null = null;
  /** The leaves of the rows that were drawn last, as they lie in the batches. */
  private drawn = new Int32Array();

  constructor(private readonly options: BalancedSamplerOptions) {
    const { data, online, seed } = options;
    this.tree = new SumTree(data.size + online.capacity);
    this.stream = namedStream(seed, 'balanced-batches');
  }

  /** Gives a priority to the `rows` rows of experience that were added last. */
  noteExperience(rows: number): void {
    if (this.highest === null) return;
    const { data, online } = this.options;
    for (let i = 1; i <= rows; i++) {
      const row = (online.nextRow - i + online.capacity) % online.capacity;
      this.tree.set(data.size + row, this.highest);
    }
  }

  /** Fills all rows of all batches, those of data first in each. Returns the share of experience. */
  fill(batches: TransitionBatches): number {
    const { data, online, nSteps, discount, augmentation } = this.options;
    if (this.highest === null) this.begin();
    const { count, batchSize } = batches;
    this.drawn = new Int32Array(count * batchSize);
    let experience = 0;
    for (let start = 0; start < count * batchSize; start += batchSize) {
      const leaves = this.drawn.subarray(start, start + batchSize);
      for (let i = 0; i < batchSize; i++) leaves[i] = this.tree.find(this.stream.uniform() * this.tree.total);
      leaves.sort();
      const ofData = leaves.filter((leaf) => leaf < data.size);
      const ofExperience = leaves.subarray(ofData.length).map((leaf) => leaf - data.size);
      data.copyInto(batches, start, ofData, nSteps, discount);
      online.copyInto(batches, start + ofData.length, ofExperience, nSteps, discount);
      augmentation?.apply(batches, start, start + batchSize, this.stream);
      experience += ofExperience.length;
    }
    return experience / this.drawn.length;
  }

  /** Sets the priorities of the rows that were drawn last, by their ratios and those of data drawn alike. */
  setPriorities(ratios: Float32Array, dataRatios: Float32Array): void {
    prioritiesOf(ratios, dataRatios, this.options.rule.temperature).forEach((priority, i) => {
      this.tree.set(this.drawn[i], priority);
      this.highest = Math.max(this.highest!, priority);
    });
  }

  getState(): BalancedSamplerState {
    const { data, online } = this.options;
    const rows = this.highest === null ? 0 : data.size + online.size;
    const priorities = Float32Array.from({ length: rows }, (_, row) => this.tree.weightOf(row));
    return { priorities, highest: this.highest, stream: this.stream.getState() };
  }

  /** Restores a saved state, with as many rows as the buffers have. Throws a RangeError if there are others. */
  setState({ priorities, highest, stream }: BalancedSamplerState): void {
    const { data, online } = this.options;
    if (highest !== null && priorities.length !== data.size + online.size) {
      throw new RangeError(
        `${priorities.length} saved priorities do not fit ${data.size} rows of data and ${online.size} of experience`,
      );
    }
    this.tree.setAll(priorities);
    this.highest = highest;
    this.stream.setState(stream);
  }

  private begin(): void {
    const { data, online, rule } = this.options;
    if (data.size === 0 || online.size === 0) {
      throw new Error(
        `can't fill a batch: there are ${data.size} rows of data and ${online.size} of experience`,
      );
    }
    const share = rule.firstOnlineShare / (1 - rule.firstOnlineShare);
    this.highest = Math.fround((share * data.size) / online.size);
    const first = this.highest;
    this.tree.setAll(
      Float32Array.from({ length: data.size + online.size }, (_, row) => (row < data.size ? 1 : first)),
    );
  }
}
