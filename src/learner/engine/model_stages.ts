import type { Stage } from '../../compile/stage.js';
import { asGroup, type NamedShapes, type NamedTensors } from '../../nn/parameters.js';
import { tf } from '../../nn/tensorflow.js';
import type { PolicyDeclaration, PolicySizes } from '../algorithm.js';
import { type Imagination, outcomeOf } from '../imagination.js';
import type { Engine } from './engine.js';
import { memberName } from './memory.js';
import { networkInputs, networkPlaces, normalised, policyScope, weightsIn } from './network_inputs.js';
import type { Place } from './program.js';

/** Rows that are computed at a time. */
export const ROWS = 512;

/** A stage that is ready to be run: the arrays of its inputs and outputs by name, and the function that fills the outputs. */
export interface PreparedStage {
  arrays: Readonly<Record<string, Float32Array>>;
  run: () => Promise<void> | void;
}

/** The group of a member's weights among those of all that the calling thread holds copies of. */
const COPY = 'imagined';

/** The use of a model of the environment outside training, on the calling thread and the CPU. */
export class ModelStages {
  private readonly copies: Readonly<Record<string, Float32Array>>;
  private readonly prepared = new Map<string, Promise<PreparedStage>>();

  constructor(
    private readonly rule: Imagination,
    private readonly policy: PolicyDeclaration,
    private readonly engine: Engine,
    private readonly sizes: PolicySizes,
  ) {
    const { local } = engine.machine;
    const arrays = Object.entries(this.memberShapes).map(([name, shape]) => {
      const size = shape.reduce((product, length) => product * length, 1);
      return [name, local.add(`${COPY}/${name}`, size)] as const;
    });
    this.copies = Object.fromEntries(arrays);
  }

  /** Copies the members' weights, each of which lies in the memory of its own thread. */
  async copyWeights(): Promise<void> {
    const state = await this.engine.save();
    for (const [name, copy] of Object.entries(this.copies)) copy.set(state.get(name));
  }

  /** The stage from `seen`, `actions`, `next` and `rewards` of transitions to each member's errors, `errors0` and so on. */
  errors(): Promise<PreparedStage> {
    const { rule } = this;
    const { observationDim, actionDim } = this.sizes;
    const outputs = Object.fromEntries(this.members.map((k) => [`errors${k}`, [ROWS]]));
    const inputs = {
      seen: [ROWS, observationDim],
      actions: [ROWS, actionDim],
      next: [ROWS, observationDim],
      rewards: [ROWS],
    };
    return this.prepare('model errors', inputs, outputs, (tensors) => {
      const seen = normalised(tensors, tensors['seen']);
      const outcome = outcomeOf(seen, normalised(tensors, tensors['next']), tensors['rewards']);
      const predictions = this.predictions(tensors, seen, tensors['actions']);
      return Object.fromEntries(
        predictions.map((prediction, k) => [`errors${k}`, rule.errors(prediction, outcome)]),
      );
    });
  }

  /** The stage from `seen` and draws to the policy's `actions`, and the `next` observations, `rewards` and `doubts` that follow. */
  step(): Promise<PreparedStage> {
    const { rule, policy } = this;
    const { observationDim, actionDim } = this.sizes;
    const inputs = {
      seen: [ROWS, observationDim],
      actionNoise: [ROWS, actionDim],
      noise: [ROWS, observationDim + 1],
      chosen: [ROWS, rule.model.members],
    };
    const outputs = {
      actions: [ROWS, actionDim],
      next: [ROWS, observationDim],
      rewards: [ROWS],
      doubts: [ROWS],
    };
    return this.prepare('imagined step', inputs, outputs, (tensors) => {
      const seen = normalised(tensors, tensors['seen']);
      const actions = policy.act(policyScope(policy.networks, tensors), seen, tensors['actionNoise']);
      const draws = { chosen: tensors['chosen'], noise: tensors['noise'] };
      const predictions = this.predictions(tensors, seen, actions);
      const { change, rewards, doubts } = rule.step(predictions, draws, tensors['observationScale']);
      return { actions, next: tf.add(tensors['seen'], change), rewards, doubts };
    });
  }

  private predictions(tensors: NamedTensors, seen: tf.Tensor, actions: tf.Tensor) {
    const { model } = this.rule;
    return this.members.map((k) => model.apply(weightsIn(tensors, model, k), seen, actions));
  }

  private get members(): number[] {
    return Array.from({ length: this.rule.model.members }, (_, k) => k);
  }

  private get memberShapes(): NamedShapes {
    const { model } = this.rule;
    const groups = this.members.map((k) => asGroup(memberName(model.name, model, k), model.layout.shapes));
    return Object.assign({}, ...groups);
  }

  private prepare(
    name: string,
    inputs: NamedShapes,
    outputs: NamedShapes,
    run: Stage['run'],
  ): Promise<PreparedStage> {
    const known = this.prepared.get(name) ?? this.make(name, inputs, outputs, run);
    this.prepared.set(name, known);
    return known;
  }

  private async make(
    name: string,
    inputs: NamedShapes,
    outputs: NamedShapes,
    run: Stage['run'],
  ): Promise<PreparedStage> {
    const { engine, policy, sizes } = this;
    const { machine } = engine;
    const weights = { ...networkInputs(policy.networks, sizes.observationDim), ...this.memberShapes };
    await engine.prepare({ name, inputs: { ...weights, ...inputs }, outputs, run });
    const own = (group: string): Place => ({ in: 'own', name: `${name}/${group}` });
    const arrays: Record<string, Float32Array> = {};
    const places = (ports: NamedShapes) =>
      Object.fromEntries(
        Object.entries(ports).map(([port, [rows, width = 1]]) => {
          arrays[port] = machine.local.add(`${name}/${port}`, rows * width);
          return [port, own(port)];
        }),
      );
    const nameOf = (input: string) => (input in this.copies ? `${COPY}/${input}` : input);
    const given = { ...networkPlaces(engine, weights, nameOf), ...places(inputs) };
    return { arrays, run: machine.bindStage(name, given, places(outputs)) };
  }
}
