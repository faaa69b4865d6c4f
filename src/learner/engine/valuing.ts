import type { ReplayBuffer } from '../../buffers/replay_buffer.js';
import type { Stage } from '../../compile/stage.js';
import type { Refresh, ValuedRows } from '../refresh.js';
import type { ObservationView } from '../view/observation_view.js';
import type { Engine } from './engine.js';
import { networkInputs, networkPlaces, normalised, weightsIn } from './network_inputs.js';
import type { Place } from './program.js';

/** Observations that are valued at a time. */
const ROWS = 512;

const STAGE = 'refresh';

/** A stage that is ready to be run: the arrays of its input and output, and the function that fills the output. */
interface PreparedStage {
  seen: Float32Array;
  values: Float32Array;
  run: () => Promise<void> | void;
}

/** The values that a single network gives to stored observations, on the calling thread and the CPU. */
export class Valuing {
  private readonly observations: Float32Array;
  private prepared: PreparedStage | null = null;

  constructor(
    private readonly network: Refresh['value'],
    private readonly engine: Engine,
    observationDim: number,
    private readonly view: ObservationView,
  ) {
    this.observations = new Float32Array(ROWS * observationDim);
  }

  /** All transitions of a buffer with the values of their observations. */
  async valued(buffer: ReplayBuffer, discount: number): Promise<ValuedRows> {
    const rows = Int32Array.from({ length: buffer.size }, (_, row) => row);
    const values = await this.valuesOf(buffer, 'observations', rows);
    // Elsewhere the next observation is that of the following row.
    const ends = rows.filter((row) => buffer.following(row) < 0);
    const valuesAfterEnds = await this.valuesOf(buffer, 'nextObservations', ends);
    const nextValues = Float32Array.from(rows, (row) => values[buffer.following(row)] ?? 0);
    ends.forEach((row, i) => {
      nextValues[row] = valuesAfterEnds[i];
    });
    return { stored: buffer, newestFirst: buffer.newestFirst(), discount, values, nextValues };
  }

  private async valuesOf(
    buffer: ReplayBuffer,
    column: 'observations' | 'nextObservations',
    rows: Int32Array,
  ): Promise<Float32Array> {
    this.prepared ??= await this.prepare();
    const { seen, values, run } = this.prepared;
    const result = new Float32Array(rows.length);
    for (let first = 0; first < rows.length; first += ROWS) {
      const part = rows.subarray(first, first + ROWS);
      part.forEach((row, i) => {
        buffer.copy(column, row, this.observations, i);
      });
      this.view.write(this.observations, seen);
      const pending = run();
      if (pending) await pending;
      result.set(values.subarray(0, part.length), first);
    }
    return result;
  }

  private async prepare(): Promise<PreparedStage> {
    const { network, engine, view } = this;
    const { machine } = engine;
    const fixed = networkInputs([network], view.seenDim);
    const stage: Stage = {
      name: STAGE,
      inputs: { ...fixed, seen: [ROWS, view.seenDim] },
      outputs: { values: [ROWS] },
      run: (tensors) => ({
        values: network.apply(weightsIn(tensors, network), normalised(tensors, tensors['seen'])),
      }),
    };
    await engine.prepare(stage);
    const own = (array: string): Place => ({ in: 'own', name: `${STAGE}/${array}` });
    const seen = machine.local.add(`${STAGE}/seen`, ROWS * view.seenDim);
    const values = machine.local.add(`${STAGE}/values`, ROWS);
    const places = networkPlaces(engine, fixed, (input) => input);
    const run = machine.bindStage(STAGE, { ...places, seen: own('seen') }, { values: own('values') });
    return { seen, values, run };
  }
}
