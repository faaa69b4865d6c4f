import type { Stage } from '../../compile/stage.js';
import type { PolicySizes } from '../algorithm.js';
import type { Balance } from '../balance.js';
import type { ObservationView } from '../view/observation_view.js';
import type { Engine } from './engine.js';
import { networkInputs, networkPlaces, normalised, weightsIn } from './network_inputs.js';
import type { Place } from './program.js';

/** Rows that are weighed at a time. */
const ROWS = 256;

const STAGE = 'weigh';

/** A stage that is ready to be run: the arrays of its inputs and output, and the function that fills the output. */
interface PreparedStage {
  seen: Float32Array;
  actions: Float32Array;
  ratios: Float32Array;
  run: () => Promise<void> | void;
}

/** The ratios that a single network gives to observations and actions, on the calling thread and the CPU. */
export class Weighing {
  private prepared: PreparedStage | null = null;

  constructor(
    private readonly network: Balance['ratio'],
    private readonly engine: Engine,
    private readonly sizes: PolicySizes,
    private readonly view: ObservationView,
  ) {}

  /** The ratios [n] of observations [n, observationDim] and actions [n, actionDim]. */
  async ratiosOf(observations: Float32Array, actions: Float32Array): Promise<Float32Array> {
    this.prepared ??= await this.prepare();
    const { seen, actions: own, ratios, run } = this.prepared;
    const { observationDim, actionDim } = this.sizes;
    const rows = actions.length / actionDim;
    const result = new Float32Array(rows);
    const part = new Float32Array(ROWS * observationDim);
    for (let first = 0; first < rows; first += ROWS) {
      const end = Math.min(rows, first + ROWS);
      part.set(observations.subarray(first * observationDim, end * observationDim));
      this.view.write(part, seen);
      own.set(actions.subarray(first * actionDim, end * actionDim));
      const pending = run();
      if (pending) await pending;
      result.set(ratios.subarray(0, end - first), first);
    }
    return result;
  }

  private async prepare(): Promise<PreparedStage> {
    const { network, engine, view } = this;
    const { machine } = engine;
    const { actionDim } = this.sizes;
    const fixed = networkInputs([network], view.seenDim);
    const stage: Stage = {
      name: STAGE,
      inputs: { ...fixed, seen: [ROWS, view.seenDim], actions: [ROWS, actionDim] },
      outputs: { ratios: [ROWS] },
      run: (tensors) => ({
        ratios: network.apply(
          weightsIn(tensors, network),
          normalised(tensors, tensors['seen']),
          tensors['actions'],
        ),
      }),
    };
    await engine.prepare(stage);
    const own = (array: string): Place => ({ in: 'own', name: `${STAGE}/${array}` });
    const add = (array: string, size: number) => machine.local.add(`${STAGE}/${array}`, size);
    const arrays = {
      seen: add('seen', ROWS * view.seenDim),
      actions: add('actions', ROWS * actionDim),
      ratios: add('ratios', ROWS),
    };
    const places = networkPlaces(engine, fixed, (input) => input);
    const inputs = { ...places, seen: own('seen'), actions: own('actions') };
    return { ...arrays, run: machine.bindStage(STAGE, inputs, { ratios: own('ratios') }) };
  }
}
