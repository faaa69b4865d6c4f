import type { Stage } from '../../compile/stage.js';
import type { NamedShapes, NamedTensors } from '../../nn/parameters.js';
import { tf } from '../../nn/tensorflow.js';
import type { PolicyDeclaration, PolicyScope, PolicySizes } from '../algorithm.js';
import type { ObservationView } from '../view/observation_view.js';
import type { Engine } from './engine.js';
import { memberName } from './memory.js';
import { networkInputs, networkPlaces, normalised, policyScope, usedGroup } from './network_inputs.js';
import type { Place } from './program.js';

/**
 * A policy made ready for so many rows: the arrays of its inputs and output, and the functions that fill the output.
 */
interface PreparedRows {
  seen: Float32Array;
  noise: Float32Array;
  actions: Float32Array;
  /** Fills the output: `exploring` by the weights in training, `acting` by their average if that is what acts. */
  exploring: () => Promise<void> | void;
  acting: () => Promise<void> | void;
}

/** The use of a policy outside training, on the calling thread and the CPU. */
export class Acting {
  private readonly prepared = new Map<number, PreparedRows>();

  constructor(
    private readonly policy: PolicyDeclaration,
    private readonly engine: Engine,
    private readonly sizes: PolicySizes,
    private readonly view: ObservationView,
  ) {}

  /** Writes the actions [rows, actionDim] for observations [rows, observationDim] and noise [rows, actionDim]. */
  async act(
    rows: number,
    observations: Float32Array,
    noise: Float32Array,
    actions: Float32Array,
    explores: boolean,
  ): Promise<void> {
    const prepared = this.prepared.get(rows) ?? (await this.prepare(rows));
    this.view.write(observations, prepared.seen);
    prepared.noise.set(noise);
    await (explores ? prepared.exploring() : prepared.acting());
    actions.set(prepared.actions);
  }

  /**
   * The policy for use outside training as a stage: from `observation` to `action`, its mode as the environment takes
   * it, and the algorithm's further outputs. Nothing in it depends on the number of rows. `arrays` has the values of
   * its inputs, but for `observation` and `actionScale` [actionDim], by which actions are divided.
   */
  exported(): { stage: Stage; arrays: Map<string, Float32Array> } {
    const { machine, shared } = this.engine;
    // Traced with any number but 1, which would pass for a dimension to broadcast along.
    const rows = 2;
    const inputs = {
      observation: [rows, this.sizes.observationDim],
      ...this.fixedInputs,
      actionScale: [this.sizes.actionDim],
    };
    const run = (tensors: NamedTensors): NamedTensors => {
      const scope = this.scope(tensors);
      const seen = normalised(tensors, this.view.apply(tensors['observation']));
      const { action, ...others } = this.policy.describe(scope, seen);
      return { action: tf.div(action, tensors['actionScale']), ...others };
    };
    const arrays = new Map(
      Object.keys(this.fixedInputs).map((name) => [
        name,
        shared.find(name) ?? machine.local.get(this.usedName(name)),
      ]),
    );
    return { stage: { name: 'policy', inputs, outputs: {}, run }, arrays };
  }

  private async prepare(rows: number): Promise<PreparedRows> {
    const { machine } = this.engine;
    const { actionDim } = this.sizes;
    const name = `act${rows}`;
    await this.engine.prepare(this.stage(name, rows));
    const own = (array: string): Place => ({ in: 'own', name: `${name}/${array}` });
    const bind = (nameOf: (input: string) => string) => {
      const places = networkPlaces(this.engine, this.fixedInputs, nameOf);
      const inputs = { ...places, seen: own('seen'), noise: own('noise') };
      return machine.bindStage(name, inputs, { actions: own('actions') });
    };
    const prepared = {
      seen: machine.local.add(`${name}/seen`, rows * this.view.seenDim),
      noise: machine.local.add(`${name}/noise`, rows * actionDim),
      actions: machine.local.add(`${name}/actions`, rows * actionDim),
    };
    const result = {
      ...prepared,
      exploring: bind((input) => input),
      acting: bind((input) => this.usedName(input)),
    };
    this.prepared.set(rows, result);
    return result;
  }

  private stage(name: string, rows: number): Stage {
    const { actionDim } = this.sizes;
    return {
      name,
      inputs: { ...this.fixedInputs, seen: [rows, this.view.seenDim], noise: [rows, actionDim] },
      outputs: { actions: [rows, actionDim] },
      run: (tensors) => ({
        actions: this.policy.act(this.scope(tensors), normalised(tensors, tensors['seen']), tensors['noise']),
      }),
    };
  }

  /** The inputs that are the same for all observations: the weights, and the normalisation. */
  private get fixedInputs(): NamedShapes {
    return networkInputs(this.policy.networks, this.view.seenDim);
  }

  private scope(tensors: NamedTensors): PolicyScope {
    return policyScope(this.policy.networks, tensors);
  }

  /** The array that is used for one of the weights', except in exploration: the average's, if that is what acts. */
  private usedName(input: string): string {
    const { networks, averaged } = this.policy;
    const network = averaged && networks.find((candidate) => input.startsWith(`${usedGroup(candidate)}/`));
    if (!network) return input;
    return input.replace(usedGroup(network), memberName(network.average!.name, network, 0));
  }
}
