import { sizeOf } from '../../nn/parameters.js';
import type { DualStep, PhaseStep, Sizes } from '../algorithm.js';
import type { Source, Step, Subset, Value } from '../step.js';
import { columnRow } from './batch_columns.js';
import { memberName, PUBLISHED_SLOTS, publishedGradient, type ValueLayout } from './memory.js';
import { lanesOf, partsOf, threadOf } from './placement.js';
import type { Drawn, Place } from './program.js';
import type { StepStage } from './stages.js';
import type { PortSource } from './step_scope.js';

/** The data from which the programs of a phase are made. */
export interface PhaseModel {
  sizes: Sizes;
  threads: number;
  /** The steps of the phase in their order. */
  steps: readonly PhaseStep[];
  stages: ReadonlyMap<Step, StepStage>;
  layouts: ReadonlyMap<Value, ValueLayout>;
  /** The values that the gradient of each dual variable reads. */
  dualReads: ReadonlyMap<DualStep, readonly Value[]>;
}

/** The place of an input of a lane's stage, and the locations that have to be written before it is read. */
export function inputPlace(
  model: PhaseModel,
  step: Step,
  port: PortSource,
  update: number,
  lane: number,
): { place: Place; locations: string[] } {
  switch (port.kind) {
    case 'source':
      return sourcePlace(model, step, port.source, update, lane);
    case 'member': {
      const { value, member } = port;
      return {
        place: valuePlace(model, value, update, member, step, lane),
        locations: [valueLocation(model, value, update, member)],
      };
    }
    case 'own': {
      const { values } = port;
      const value = values[Math.floor((lane * values.length) / lanesOf(step, model.sizes))];
      return {
        place: valuePlace(model, value, update, 0, step, lane),
        locations: allLocations(model, value, update),
      };
    }
    case 'chosen': {
      const { value, subset, index } = port;
      const blocks = Array.from({ length: subset.ensemble.members }, (_, k) =>
        valuePlace(model, value, update, k, step, lane),
      );
      const { name, size } = blocks[0];
      const starts = blocks.map(({ start }) => start);
      return {
        place: { in: 'chosen', name, starts, size, drawn: drawnAt(subset, update), index },
        locations: allLocations(model, value, update),
      };
    }
    case 'weights': {
      const { network, average, array } = port;
      const group = memberName(average ? network.average!.name : network.name, network, lane);
      const thread = threadOf(lane, model.threads);
      const copy = network.kind === 'ensemble' ? lane : thread;
      return {
        place: { in: 'own', name: `${group}/${array}` },
        locations: [weightsLocation(network.name, copy, thread)],
      };
    }
  }
}

function sourcePlace(
  model: PhaseModel,
  step: Step,
  source: Source,
  update: number,
  lane: number,
): { place: Place; locations: string[] } {
  const first = update * model.sizes.batchSize;
  switch (source.kind) {
    case 'column': {
      const width = sizeOf(columnRow(source.name, model.sizes));
      return { place: rowsPlace(model, source.name, first, width, step, lane), locations: [] };
    }
    case 'noise':
      return { place: rowsPlace(model, source.name, first, source.width, step, lane), locations: [] };
    case 'setting':
      return { place: { in: 'shared', name: source.name, start: 0, size: 1 }, locations: [] };
    case 'schedule':
      return { place: { in: 'shared', name: source.name, start: update, size: 1 }, locations: [] };
    case 'dual':
      return {
        place: { in: 'shared', name: source.name, start: 0, size: 1 },
        locations: [dualLocation(source.name)],
      };
    case 'value': {
      const { over } = source.step;
      return {
        place: valuePlace(model, source, update, typeof over === 'string' ? 0 : lane, step, lane),
        // A lane of the same kind reads what one task has written.
        locations:
          over === step.over
            ? [valueLocation(model, source, update, lane)]
            : allLocations(model, source, update),
      };
    }
  }
}

/** The place of the rows that a lane sees of `batchSize` rows that begin with row `first` of a shared array. */
function rowsPlace(
  { sizes }: Pick<PhaseModel, 'sizes'>,
  name: string,
  first: number,
  width: number,
  { over }: Pick<Step, 'over'>,
  lane: number,
): Extract<Place, { in: 'shared' }> {
  const rows = over === 'rows' ? sizes.batchSize / partsOf(sizes) : sizes.batchSize;
  const start = (first + (over === 'rows' ? lane * rows : 0)) * width;
  return { in: 'shared', name, start, size: rows * width };
}

/** The place of one member's value, as far as a lane of a step sees its rows. */
export function valuePlace(
  model: Pick<PhaseModel, 'sizes' | 'layouts'>,
  value: Value,
  update: number,
  member: number,
  step: Pick<Step, 'over'>,
  lane: number,
): Extract<Place, { in: 'shared' }> {
  const { width, members, slots } = model.layouts.get(value)!;
  const first = ((update % slots) * members + member) * model.sizes.batchSize;
  return rowsPlace(model, value.name, first, width, step, lane);
}

export function valueLocation({ layouts }: PhaseModel, value: Value, update: number, lane: number): string {
  return `${value.name}:${update % layouts.get(value)!.slots}:${lane}`;
}

/** A value of all parts of the rows, or of all members. */
export function allLocations(model: PhaseModel, value: Value, update: number): string[] {
  const lanes = lanesOf(value.step, model.sizes);
  return Array.from({ length: lanes }, (_, lane) => valueLocation(model, value, update, lane));
}

export function weightsLocation(network: string, copy: number, thread: number): string {
  return `${network}:${copy}@${thread}`;
}

export function dualLocation(name: string): string {
  return `${name}:dual`;
}

export function publishedLocation(step: Step, update: number, part: number): string {
  return `${publishedGradient(step.trains!.network)}:${update % PUBLISHED_SLOTS}:${part}`;
}

export function publishedPlace(model: PhaseModel, step: Step, update: number, part: number): Place {
  const { network } = step.trains!;
  const block = (update % PUBLISHED_SLOTS) * partsOf(model.sizes) + part;
  return { in: 'shared', name: publishedGradient(network), start: block * network.size, size: network.size };
}

export function drawnAt({ name, size }: Subset, update: number): Drawn {
  return { name, start: update * size, count: size };
}
