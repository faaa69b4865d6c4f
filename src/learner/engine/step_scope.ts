import type { NamedTensors, Shape } from '../../nn/parameters.js';
import type { tf } from '../../nn/tensorflow.js';
import type { Sizes } from '../algorithm.js';
import type { CallableNetwork, DeclaredNetwork, Scope, Source, Step, Subset, Value } from '../step.js';
import { columnRow } from './batch_columns.js';

/** The meaning of one input of a step's stage, by which it is bound to memory. */
export type PortSource =
  | { kind: 'source'; source: Source }
  | { kind: 'member'; value: Value; member: number }
  | { kind: 'own'; values: readonly Value[] }
  | { kind: 'chosen'; value: Value; subset: Subset; index: number }
  | { kind: 'weights'; network: DeclaredNetwork; average: boolean; array: string };

/** Returns the tensor of an input, the same one for the same name. */
export type PortReader = (name: string, shape: Shape, source: PortSource) => tf.Tensor;

/** The shape of one row of each value so far. */
export type RowShapes = ReadonlyMap<Value, Shape>;

/** The scope of one step: everything that it reads becomes an input of the step's graph. */
export class StepScope implements Scope {
  /** The weights that the loss is differentiated by, in place of those of the network in training. */
  private candidate: { network: DeclaredNetwork; weights: NamedTensors } | null = null;

  /** @param rows the number of rows of a batch that the step sees at a time */
  constructor(
    private readonly step: Pick<Step, 'name' | 'over'>,
    private readonly rows: number,
    private readonly sizes: Sizes,
    private readonly rowShapes: RowShapes,
    private readonly port: PortReader,
  ) {}

  readonly read = (source: Source): tf.Tensor => {
    switch (source.kind) {
      case 'column':
        return this.port(source.name, [this.rows, ...columnRow(source.name, this.sizes)], {
          kind: 'source',
          source,
        });
      case 'noise':
        return this.port(source.name, [this.rows, source.width], { kind: 'source', source });
      case 'dual':
      case 'setting':
      case 'schedule':
        return this.port(source.name, [], { kind: 'source', source });
      case 'value':
        if (typeof source.step.over !== 'string' && source.step.over !== this.step.over) {
          throw this.error(`reads "${source.name}" of another ensemble: it has one of each member`);
        }
        return this.port(source.name, this.shapeOf(source), { kind: 'source', source });
    }
  };

  readonly members = (value: Value): tf.Tensor[] => {
    const { over } = value.step;
    if (typeof over === 'string') throw this.error(`takes "${value.name}" for a value of an ensemble`);
    return Array.from({ length: over.members }, (_, member) =>
      this.port(`${value.name}/${member}`, this.shapeOf(value), { kind: 'member', value, member }),
    );
  };

  readonly own = (values: readonly Value[]): tf.Tensor => {
    const { over } = this.step;
    if (typeof over === 'string')
      throw this.error('takes a value of its own member, and is not over an ensemble');
    const names = values.map(({ name }) => name).join('|');
    const shapes = new Set(values.map((value) => this.shapeOf(value).join()));
    if (over.members % values.length !== 0 || shapes.size !== 1) {
      throw this.error(`can't share "${names}" among the ${over.members} members of "${over.name}"`);
    }
    if (values.some(({ step }) => typeof step.over !== 'string')) {
      throw this.error(`shares "${names}", of which some are values of an ensemble`);
    }
    return this.port(names, this.shapeOf(values[0]), { kind: 'own', values });
  };

  readonly chosen = (value: Value, subset: Subset): tf.Tensor[] => {
    if (value.step.over !== subset.ensemble) {
      throw this.error(`chooses "${value.name}" among members of another ensemble`);
    }
    return Array.from({ length: subset.size }, (_, index) =>
      this.port(`${value.name}/chosen${index}`, this.shapeOf(value), {
        kind: 'chosen',
        value,
        subset,
        index,
      }),
    );
  };

  readonly apply = <Inputs extends tf.Tensor[], Output>(
    network: CallableNetwork<Inputs, Output>,
    ...inputs: Inputs
  ): Output => {
    const { candidate } = this;
    const own = candidate?.network === network ? candidate.weights : this.weights(network, false);
    return network.apply(own, ...inputs);
  };

  readonly applyAverage = <Inputs extends tf.Tensor[], Output>(
    network: CallableNetwork<Inputs, Output>,
    ...inputs: Inputs
  ): Output => {
    return network.apply(this.weights(network, true), ...inputs);
  };

  /** The stored weights of a network, or of its average, as inputs of the graph. */
  weights(network: DeclaredNetwork, average: boolean): NamedTensors {
    const { kind, layout, name, average: kept } = network;
    if (kind === 'ensemble' ? this.step.over !== network : this.step.over !== 'rows') {
      const place = kind === 'ensemble' ? `step over "${name}"` : 'step over rows';
      throw this.error(`applies the network "${name}", which only a ${place} can: hand its result on`);
    }
    if (average && !kept) throw this.error(`applies an average of "${name}", which has none`);
    const group = average ? kept!.name : name;
    const tensors = Object.entries(layout.shapes).map(([array, shape]) => {
      const source = { kind: 'weights', network, average, array } as const;
      return [array, this.port(`${group}/${array}`, shape, source)] as const;
    });
    return Object.fromEntries(tensors);
  }

  /** Runs `body` with `weights` in place of the network's own. */
  withWeights<Result>(network: DeclaredNetwork, weights: NamedTensors, body: () => Result): Result {
    this.candidate = { network, weights };
    try {
      return body();
    } finally {
      this.candidate = null;
    }
  }

  private shapeOf(value: Value): Shape {
    const row = this.rowShapes.get(value);
    if (row) return [this.rows, ...row];
    throw this.error(`reads "${value.name}", which no step before it gives`);
  }

  private error(problem: string): Error {
    return new Error(`step "${this.step.name}" ${problem}`);
  }
}
