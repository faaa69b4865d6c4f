import { namedStream, type RandomState, type RandomStream } from '../rng.js';
import type { Augmentation } from './augmentation.js';
import { COLUMNS, type OptionalColumn } from './columns.js';
import { type DataPart, rowsOfParts } from './data_parts.js';
import { rowsForModels } from './model_rows.js';
import type { ReplayBuffer } from './replay_buffer.js';
import { optionalColumnsOf, type TransitionBatches } from './transitions.js';

export interface SymmetricSamplerOptions {
  /** Experience; null to learn without any, with demonstrations in all rows of batches. */
  online: ReplayBuffer | null;
  /** Demonstrations; null to learn without any, from batches with `demoRows` 0. */
  demos: ReplayBuffer | null;
  /** The parts of the demonstrations that have a share each of all that is drawn of them; null or left out: all are drawn alike. */
  parts?: readonly DataPart[] | null;
  /** γ of one step. */
  discount: number;
  /** Steps summed into one transition; 1 is plain temporal difference. */
  nSteps: number;
  /** Change of rows after they are drawn; null leaves them as they are. */
  augmentation: Augmentation | null;
  /** The run's seed, of which the streams `online-batches` and `demo-batches` are drawn. */
  seed: number;
}

/** States of the sampler's two random streams. */
export interface SamplerState {
  online: RandomState;
  demos: RandomState;
}

/** Rows of a buffer that are drawn from. */
type Range = Pick<DataPart, 'first' | 'rows'>;

const UNKNOWN_TO_MODELS = "can't fill a batch: no transition tells a model what followed it";

/** The number of a batch's rows that come from demonstrations, at a share of `demoRatio` (0.5: symmetric sampling). */
export function demoRowsOf(batchSize: number, demoRatio: number): number {
  return Math.round(batchSize * demoRatio);
}

/**
 * Fills batches with transitions drawn uniformly, with replacement: in each batch the demonstrations' share first, then
 * online experience (Ball et al. 2023, section 4.1: symmetric sampling draws half from each). Parts of the demonstrations with shares of
 * their own come one after another. If batches have columns that some transitions lack, it draws from the others.
 */
export class SymmetricSampler {
  private readonly onlineStream: RandomStream;
  private readonly demoStream: RandomStream;
  private online: ReplayBuffer | null;
  /** The rows of demonstrations that a model learns from, once they are asked for, by the first row of their range. */
  private readonly learntByModels = new Map<number, Int32Array>();

  constructor(private readonly options: SymmetricSamplerOptions) {
    this.onlineStream = namedStream(options.seed, 'online-batches');
    this.demoStream = namedStream(options.seed, 'demo-batches');
    this.online = options.online;
  }

  /** Draws experience from another buffer from now on, null: from none. */
  drawOnlineFrom(online: ReplayBuffer | null): void {
    this.online = online;
  }

  /** The number of demonstrated transitions. */
  get demoSize(): number {
    return this.options.demos?.size ?? 0;
  }

  /**
   * The number of demonstration rows in a batch whose rows are drawn uniformly from demonstrations and experience together,
   * rounded at random so that it is right in the mean.
   */
  uniformDemoRows(batchSize: number): number {
    const onlineSize = this.online?.size ?? 0;
    const share = this.demoSize / (this.demoSize + onlineSize);
    return Math.floor(batchSize * share + this.demoStream.uniform());
  }

  /** Fills all batches of a training step: `demoRows` demonstration rows and the rest online, in each. */
  fill(batches: TransitionBatches): void {
    this.fillRows(batches, batches.demoRows);
  }

  /** Fills all rows with single steps of the demonstrations, but for those that are held out, for a model to learn. */
  fillForModel(batches: TransitionBatches): void {
    const { demos, discount, augmentation } = this.options;
    const drawn = new Int32Array(batches.count * batches.batchSize);
    if (!demos?.size) throw new Error(UNKNOWN_TO_MODELS);
    for (let start = 0; start < drawn.length; start += batches.batchSize) {
      this.forEachRange(demos, this.demoStream, start, start + batches.batchSize, (from, to, range) => {
        const known = this.rowsForModelsIn(demos, range);
        for (let i = from; i < to; i++) drawn[i] = known[this.demoStream.integer(known.length)];
      });
    }
    demos.copyInto(batches, 0, drawn, 1, discount);
    augmentation?.apply(batches, 0, drawn.length, this.demoStream);
  }

  getState(): SamplerState {
    return { online: this.onlineStream.getState(), demos: this.demoStream.getState() };
  }

  setState(state: SamplerState): void {
    this.onlineStream.setState(state.online);
    this.demoStream.setState(state.demos);
  }

  private fillRows(batches: TransitionBatches, demoRows: number): void {
    const { online } = this;
    const { demos } = this.options;
    const { count, batchSize } = batches;
    for (let start = 0; start < count * batchSize; start += batchSize) {
      if (demoRows > 0) this.draw(batches, start, start + demoRows, demos, this.demoStream);
      if (demoRows < batchSize) {
        this.draw(batches, start + demoRows, start + batchSize, online, this.onlineStream);
      }
    }
  }

  private draw(
    batches: TransitionBatches,
    from: number,
    to: number,
    buffer: ReplayBuffer | null,
    stream: RandomStream,
  ): void {
    if (!buffer?.size) {
      throw new Error(`can't fill a batch: there are no transitions of ${this.nameOf(stream)} yet`);
    }
    const { nSteps, discount, augmentation } = this.options;
    const columns = optionalColumnsOf(batches);
    const drawn = new Int32Array(to - from);
    this.forEachRange(buffer, stream, 0, drawn.length, (start, end, range) => {
      const rows = drawn.subarray(start, end);
      for (let i = 0; i < rows.length; i++) rows[i] = range.first + stream.integer(range.rows);
      this.drawAgain(rows, range, columns, buffer, stream);
    });
    buffer.copyInto(batches, from, drawn, nSteps, discount);
    augmentation?.apply(batches, from, to, stream);
  }

  /** Calls `draw` with each range of a buffer's rows that is drawn from, and with the places of a batch that are its own. */
  private forEachRange(
    buffer: ReplayBuffer,
    stream: RandomStream,
    from: number,
    to: number,
    draw: (from: number, to: number, range: Range) => void,
  ): void {
    const { parts } = this.options;
    if (!parts || stream !== this.demoStream) {
      draw(from, to, { first: 0, rows: buffer.size });
      return;
    }
    let start = from;
    for (const [index, count] of rowsOfParts(parts, to - from, stream.uniform()).entries()) {
      if (count > 0) draw(start, start + count, parts[index]);
      start += count;
    }
  }

  private rowsForModelsIn(demos: ReplayBuffer, { first, rows }: Range): Int32Array {
    const found =
      this.learntByModels.get(first) ??
      rowsForModels(demos).learnt.filter((row) => row >= first && row < first + rows);
    this.learntByModels.set(first, found);
    if (found.length === 0) throw new Error(UNKNOWN_TO_MODELS);
    return found;
  }

  /** Replaces rows for which one of these columns is not known by others of the same range. */
  private drawAgain(
    rows: Int32Array,
    { first, rows: count }: Range,
    columns: readonly OptionalColumn[],
    buffer: ReplayBuffer,
    stream: RandomStream,
  ): void {
    if (columns.length === 0) return;
    const { nSteps } = this.options;
    if (!buffer.isKnownSomewhere(columns, nSteps, first, first + count)) {
      const needs = columns.map((name) => `${name} (${COLUMNS[name].needs})`).join(' and ');
      throw new Error(`can't fill a batch: no transition of ${this.nameOf(stream)} has ${needs} yet`);
    }
    for (let i = 0; i < rows.length; i++) {
      while (!buffer.isKnown(columns, rows[i], nSteps)) rows[i] = first + stream.integer(count);
    }
  }

  private nameOf(stream: RandomStream): string {
    return stream === this.demoStream ? 'demonstrations' : 'online experience';
  }
}
