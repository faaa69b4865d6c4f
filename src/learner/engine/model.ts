import { isOptional } from '../../buffers/columns.js';
import type { Stage } from '../../compile/stage.js';
import { type NamedShapes, type Shape, sizeOf } from '../../nn/parameters.js';
import { type Declaration, type DualStep, declaredPhases, type PhaseStep, type Sizes } from '../algorithm.js';
import { batch } from '../declare.js';
import type { UpdateRecord } from '../metrics.js';
import type { Column, Noise, Schedule, Source, Step, Subset, Value } from '../step.js';
import { checkDeclaration, type FoundReads } from './check_declaration.js';
import {
  arraySizes,
  CHUNK,
  exchangeSizes,
  optimisersOf,
  ownState,
  sharedState,
  type ValueLayout,
} from './memory.js';
import { membersOf, partsOf } from './placement.js';
import type { PhaseModel } from './places.js';
import { followStage, optimiserStage, type StepStage, traceStep } from './stages.js';

/** Places of a value that nobody asks for after its update: one may be written while another thread still reads the last. */
const SLOTS = 2;

/** The plan of a learner, which follows from its algorithm, its sizes and the number of threads. */
export interface LearnerModel {
  declaration: Declaration;
  sizes: Sizes;
  /** All stages of training. */
  stages: readonly Stage[];
  phases: Readonly<Record<string, PhaseModel>>;
  /** The columns that the threads get: those of all batches, and of the others those that its steps read. */
  columns: ReadonlySet<Column['name']>;
  /** The columns that its steps read. */
  reads: ReadonlySet<Column['name']>;
  layouts: ReadonlyMap<Value, ValueLayout>;
  /** The steps of dual variables in all phases, by whose numbers programs call them. */
  dualSteps: readonly DualStep[];
  /** The draws of each step, in the order in which they are made. */
  draws: ReadonlyMap<Step, readonly (Noise | Subset)[]>;
  /** The schedules that any step reads. */
  schedules: readonly Schedule[];
  /** The arrays of the state that lie in the threads' own memory, and those that all threads share. */
  ownShapes: NamedShapes;
  sharedShapes: NamedShapes;
  /** Numbers in each array that all threads share. */
  sharedSizes: Record<string, number>;
}

export function modelOf(declaration: Declaration, sizes: Sizes, threads: number): LearnerModel {
  const rowShapes = new Map<Value, Shape>();
  const stages = new Map<Step, StepStage>();
  const steps = allSteps(declaration);
  for (const step of steps) if (step.kind === 'step') stages.set(step, traceStep(step, sizes, rowShapes));
  const dualReads = new Map<DualStep, readonly Value[]>();
  const { shown } = declaration.policy;
  const kept = new Set<Value>(shown ? [shown.actions, shown.q] : []);
  const metricReads: FoundReads['metricReads'][number][] = [];
  for (const [, phase] of declaredPhases(declaration)) {
    for (const { name, after, of } of phase.metrics) {
      metricReads.push({ phase, name, after, values: valuesReadBy(of, rowShapes, sizes) });
    }
    for (const step of phase.steps) {
      if (step.kind !== 'dual-step') continue;
      dualReads.set(step, valuesReadBy(step.gradient, rowShapes, sizes, step.name));
    }
  }
  checkDeclaration(declaration, { stages, dualReads, metricReads });
  for (const value of [...dualReads.values(), ...metricReads.map(({ values }) => values)].flat())
    kept.add(value);
  const layouts = new Map<Value, ValueLayout>();
  for (const [value, row] of rowShapes) {
    const slots = kept.has(value) ? CHUNK : SLOTS;
    layouts.set(value, { width: sizeOf(row), members: membersOf(value.step), slots });
  }
  const phases = Object.fromEntries(
    declaredPhases(declaration).map(([name, { steps }]) => [
      name,
      { sizes, threads, steps, stages, layouts, dualReads } satisfies PhaseModel,
    ]),
  );
  const draws = new Map([...stages].map(([step, { sources }]) => [step, drawsOf(step, sources)]));
  const schedules = schedulesIn([...stages.values()]);
  const reads = columnsReadIn([...stages.values()]);
  const columns = new Set(
    Object.values(batch)
      .map(({ name }) => name)
      .filter((name) => !isOptional(name) || reads.has(name)),
  );
  const sharedShapes = sharedState(declaration, sizes);
  const allDraws = [...new Set([...draws.values()].flat())];
  return {
    declaration,
    sizes,
    stages: [
      ...[...stages.values()].map(({ stage }) => stage),
      ...declaration.networks.flatMap((network) =>
        optimisersOf(declaration, network).map((optimiser) =>
          optimiserStage(network, optimiser, network.kind === 'single' ? partsOf(sizes) : 1),
        ),
      ),
      ...steps.flatMap((step) => (step.kind === 'follow-step' ? [followStage(step)] : [])),
    ],
    phases,
    columns,
    reads,
    layouts,
    dualSteps: [...dualReads.keys()],
    draws,
    schedules,
    ownShapes: ownState(declaration),
    sharedShapes,
    sharedSizes: {
      ...exchangeSizes(declaration, sizes, columns, layouts, allDraws, schedules, threads > 1),
      ...arraySizes(sharedShapes),
    },
  };
}

function allSteps(declaration: Declaration): PhaseStep[] {
  return [...new Set(declaredPhases(declaration).flatMap(([, phase]) => phase.steps))];
}

/**
 * The values that a function of an update's results reads, found out by running it on zeros. `dual` names the dual variable
 * whose gradient it is: it may not read norms, since no one waits for them.
 */
function valuesReadBy(
  of: (record: UpdateRecord) => number,
  rowShapes: ReadonlyMap<Value, Shape>,
  sizes: Sizes,
  dual: string | null = null,
): Value[] {
  const read = new Set<Value>();
  const zeros = (value: Value, members: number) => {
    const row = rowShapes.get(value);
    if (!row) throw new Error(`a metric reads "${value.name}", which no step gives`);
    read.add(value);
    return new Float32Array(members * sizes.batchSize * sizeOf(row));
  };
  of({
    rows: (value) => zeros(value, membersOf(value.step)),
    member: (value) => zeros(value, 1),
    squaredNorm: () => {
      if (dual !== null) throw new Error(`the gradient of "${dual}" reads the norm of another gradient`);
      return 0;
    },
    dual: () => 0,
  });
  return [...read];
}

function sourcesOf(stages: readonly StepStage[]): Source[] {
  const ports = stages.flatMap(({ sources }) => [...sources.values()]);
  return ports.flatMap((port) => (port.kind === 'source' ? [port.source] : []));
}

function schedulesIn(stages: readonly StepStage[]): Schedule[] {
  return [...new Set(sourcesOf(stages).filter((source) => source.kind === 'schedule'))];
}

function columnsReadIn(stages: readonly StepStage[]): Set<Column['name']> {
  return new Set(sourcesOf(stages).flatMap((source) => (source.kind === 'column' ? [source.name] : [])));
}

function drawsOf(step: Step, sources: StepStage['sources']): (Noise | Subset)[] {
  const found = [...sources.values()].flatMap((port): (Noise | Subset)[] => {
    if (port.kind === 'source' && port.source.kind === 'noise') return [port.source];
    return port.kind === 'chosen' ? [port.subset] : [];
  });
  return [...new Set(step.only ? [step.only, ...found] : found)];
}
