import type { Groups } from '../../compile/local_arrays.js';
import { asGroup, type NamedShapes, type Shape, sizeOf } from '../../nn/parameters.js';
import {
  type Declaration,
  declaredPhases,
  type PhaseDeclaration,
  type PhaseStep,
  type Sizes,
} from '../algorithm.js';
import type { Column, DeclaredNetwork, Noise, Optimiser, Schedule, Subset, Value } from '../step.js';
import { columnRow } from './batch_columns.js';
import { partsOf, threadOf } from './placement.js';

/** Updates that are handed to the threads at a time. */
export const CHUNK = 16;

/** The name of the arrays of an ensemble's member, or of a single network: `critic3`, `actor`. */
export function memberName(name: string, { kind }: Pick<DeclaredNetwork, 'kind'>, member: number): string {
  return kind === 'ensemble' ? `${name}${member}` : name;
}

/** The groups of one member's state: weights, each optimiser's moments, moving average. */
export function stateGroups(
  network: DeclaredNetwork,
  optimisers: readonly Optimiser[],
  member: number,
): string[] {
  const { name, average } = network;
  const moments = optimisers.flatMap((optimiser) => [`${optimiser.name}First`, `${optimiser.name}Second`]);
  return [name, ...moments, ...(average ? [average.name] : [])].map((group) =>
    memberName(group, network, member),
  );
}

/** The arrays in which a thread keeps a gradient: one for all its members of an ensemble, or that of one part of the rows. */
export function gradientGroup({ name, kind }: DeclaredNetwork, part: number): string {
  return kind === 'ensemble' ? `${name}Gradient` : `${name}Gradient${part}`;
}

/** The optimisers of a network in all phases, in the order of their first use. */
export function optimisersOf(declaration: Declaration, network: DeclaredNetwork): Optimiser[] {
  const found = declaredPhases(declaration).flatMap(([, { steps }]) =>
    steps.flatMap((step) =>
      step.kind === 'step' && step.trains?.network === network ? [step.trains.optimiser] : [],
    ),
  );
  return [...new Set(found)];
}

/** The groups of arrays that a thread keeps to itself. */
export function threadGroups(
  declaration: Declaration,
  sizes: Sizes,
  thread: number,
  threads: number,
): Groups {
  const groups: Record<string, NamedShapes> = {};
  const parts = Array.from({ length: partsOf(sizes) }, (_, part) => part);
  for (const network of declaration.networks) {
    const { shapes } = network.layout;
    const optimisers = optimisersOf(declaration, network);
    if (network.kind === 'ensemble') {
      for (let k = 0; k < network.members; k++) {
        if (threadOf(k, threads) !== thread) continue;
        for (const group of stateGroups(network, optimisers, k)) groups[group] = shapes;
      }
      groups[gradientGroup(network, 0)] = shapes;
    } else if (parts.some((part) => threadOf(part, threads) === thread)) {
      for (const group of stateGroups(network, optimisers, 0)) groups[group] = shapes;
      for (const part of parts) groups[gradientGroup(network, part)] = shapes;
    }
  }
  return groups;
}

/** The arrays of the state that lie in the threads' own memory. */
export function ownState(declaration: Declaration): NamedShapes {
  const shapes: Record<string, Shape> = {};
  for (const network of declaration.networks) {
    const optimisers = optimisersOf(declaration, network);
    for (let k = 0; k < network.members; k++) {
      for (const group of stateGroups(network, optimisers, k))
        Object.assign(shapes, asGroup(group, network.layout.shapes));
    }
  }
  return shapes;
}

/** The arrays of the state that all threads share. */
export function sharedState({ duals = [] }: Declaration, { observationDim }: Sizes): NamedShapes {
  const scalars = duals.flatMap(({ name }) => [name, `${name}First`, `${name}Second`]);
  return {
    ...Object.fromEntries(scalars.map((name) => [name, []])),
    observationMean: [observationDim],
    observationScale: [observationDim],
  };
}

/** The layout of a value in shared memory: [slots, members, batch, width]. */
export interface ValueLayout {
  /** Numbers in one row. */
  width: number;
  members: number;
  /** The number of updates that have a place of their own; later ones use the same places again. */
  slots: number;
}

/** The sizes, in numbers, of the arrays that the threads share besides the state. */
export function exchangeSizes(
  declaration: Declaration,
  dimensions: Sizes,
  columns: ReadonlySet<Column['name']>,
  layouts: ReadonlyMap<Value, ValueLayout>,
  draws: readonly (Noise | Subset)[],
  schedules: readonly Schedule[],
  publishes: boolean,
): Record<string, number> {
  const { batchSize } = dimensions;
  const sizes: Record<string, number> = {};
  const add = (name: string, size: number) => {
    if (name in sizes) throw new Error(`two parts of an algorithm are called "${name}"`);
    sizes[name] = size;
  };
  for (const name of columns) {
    add(name, CHUNK * batchSize * sizeOf(columnRow(name, dimensions)));
  }
  for (const draw of draws) {
    add(draw.name, CHUNK * (draw.kind === 'noise' ? batchSize * draw.width : draw.size));
  }
  for (const { name } of declaration.settings ?? []) add(name, 1);
  for (const { name } of schedules) add(name, CHUNK);
  for (const { name } of declaration.duals ?? []) add(`${name}Used`, CHUNK);
  for (const [{ name }, { width, members, slots }] of layouts) add(name, slots * members * batchSize * width);
  for (const optimiser of allOptimisers(declaration)) {
    add(`${optimiser.name}StepSize`, CHUNK);
    add(`${optimiser.name}Epsilon`, CHUNK);
  }
  for (const network of declaration.networks) {
    const copies = network.kind === 'single' ? partsOf({ batchSize }) : network.members;
    for (const { name } of optimisersOf(declaration, network)) add(`${name}SquaredNorm`, CHUNK * copies);
    if (publishes && network.kind === 'single') {
      add(publishedGradient(network), PUBLISHED_SLOTS * copies * network.size);
    }
  }
  return sizes;
}

/**
 * Updates whose published gradients have a place of their own: one may be written while another thread still reads the
 * last.
 */
export const PUBLISHED_SLOTS = 2;

/** The shared array in which threads that compute parts of the rows show their gradients to each other. */
export function publishedGradient({ name }: DeclaredNetwork): string {
  return `${name}PublishedGradient`;
}

/** The optimiser of a step, if it learns. */
export function optimiserOf(step: PhaseStep): Optimiser | undefined {
  switch (step.kind) {
    case 'step':
      return step.trains?.optimiser;
    case 'dual-step':
      return step.optimiser;
    case 'follow-step':
      return undefined;
  }
}

/** An optimiser that steps in every update of a phase with these steps, so that its count tells how many were made. */
export function steadyOptimiser(steps: PhaseDeclaration['steps']): Optimiser | undefined {
  const learns = steps.find((step) => step.every === 1 && optimiserOf(step));
  return learns && optimiserOf(learns);
}

/** All optimisers, those of dual variables among them. */
export function allOptimisers(declaration: Declaration): Optimiser[] {
  const steps = declaredPhases(declaration).flatMap(([, phase]) => phase.steps);
  return [...new Set(steps.flatMap((step) => optimiserOf(step) ?? []))];
}

/** Numbers in each array. */
export function arraySizes(shapes: NamedShapes): Record<string, number> {
  return Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, sizeOf(shape)]));
}
