import type { DualStep, FollowStep, PhaseStep } from '../algorithm.js';
import type { Step } from '../step.js';
import { CHUNK, gradientGroup, memberName } from './memory.js';
import { copyThreads, lanesOf, partsOf, threadOf } from './placement.js';
import {
  allLocations,
  drawnAt,
  dualLocation,
  inputPlace,
  type PhaseModel,
  publishedLocation,
  publishedPlace,
  valueLocation,
  valuePlace,
  weightsLocation,
} from './places.js';
import type { Operation, Place, Program } from './program.js';
import { inOrder, type Task, waitsOf } from './schedule.js';
import { GRADIENT, gradientPort, OPTIMISER_PORTS, optimiserStageName } from './stages.js';

interface PlacedTask extends Task {
  operations: Operation[];
}

/** The runs of a chunk: for each update, and in it for each step, true if it runs. */
export type Pattern = readonly (readonly boolean[])[];

/** The programs of all threads for as many updates as the pattern has rows. */
export function phasePrograms(model: PhaseModel, pattern: Pattern): Program[] {
  const tasks = inOrder(phaseTasks(model, pattern));
  const waits = waitsOf(tasks);
  const awaited = new Set(waits.flat().map(({ thread, count }) => `${thread}:${count}`));
  const programs = Array.from({ length: model.threads }, (): Operation[] => []);
  const counts = programs.map(() => 0);
  tasks.forEach(({ thread, operations }, i) => {
    const program = programs[thread];
    for (const wait of waits[i]) program.push({ kind: 'wait', ...wait });
    program.push(...operations);
    const count = ++counts[thread];
    if (awaited.has(`${thread}:${count}`)) program.push({ kind: 'reach', count });
  });
  // Who reads the results has to know that all are there.
  return programs.map((program) => [...program, { kind: 'meet', count: Math.max(...counts) }]);
}

function phaseTasks(model: PhaseModel, pattern: Pattern): PlacedTask[] {
  return pattern.flatMap((runs, update) =>
    model.steps.flatMap((step, index) => (runs[index] ? tasksOf(model, step, update) : [])),
  );
}

function tasksOf(model: PhaseModel, step: PhaseStep, update: number): PlacedTask[] {
  switch (step.kind) {
    case 'step':
      return stepTasks(model, step, update);
    case 'dual-step':
      return [dualTask(model, step, update)];
    case 'follow-step':
      return followTasks(model, step);
  }
}

function stepTasks(model: PhaseModel, step: Step, update: number): PlacedTask[] {
  const lanes = Array.from({ length: lanesOf(step, model.sizes) }, (_, lane) => lane);
  const { trains } = step;
  if (!trains) return lanes.map((lane) => computeTask(model, step, update, lane));
  if (trains.network.kind === 'ensemble') {
    return lanes.flatMap((lane) => [
      computeTask(model, step, update, lane),
      optimiserTask(model, step, update, lane, threadOf(lane, model.threads)),
    ]);
  }
  const copies = copyThreads(model.sizes, model.threads);
  return [
    ...lanes.map((lane) => computeTask(model, step, update, lane)),
    ...(copies.length > 1 ? lanes.map((lane) => publishTask(model, step, update, lane)) : []),
    ...copies.map((thread) => optimiserTask(model, step, update, thread, thread)),
  ];
}

/** The stage of a step for one member, or for one part of the rows. */
function computeTask(model: PhaseModel, step: Step, update: number, lane: number): PlacedTask {
  const { stage, sources, values } = model.stages.get(step)!;
  const thread = threadOf(lane, model.threads);
  const reads: string[] = [];
  const writes: string[] = [];
  const inputs: Record<string, Place> = {};
  for (const [port, source] of sources) {
    const { place, locations } = inputPlace(model, step, source, update, lane);
    inputs[port] = place;
    reads.push(...locations);
  }
  const outputs: Record<string, Place> = {};
  for (const port of Object.keys(stage.outputs)) {
    const value = values.get(port);
    if (value) {
      outputs[port] = valuePlace(model, value, update, step.over === 'rows' ? 0 : lane, step, lane);
      writes.push(valueLocation(model, value, update, lane));
    } else {
      const group = gradientGroup(step.trains!.network, lane);
      outputs[port] = { in: 'own', name: `${group}${port.slice(GRADIENT.length)}` };
      writes.push(`${group}@${thread}`);
    }
  }
  const only = step.only && { drawn: drawnAt(step.only, update), member: lane };
  return { thread, reads, writes, operations: [{ kind: 'stage', stage: stage.name, inputs, outputs, only }] };
}

/** The task that publishes one part's gradient to the other threads. */
function publishTask(model: PhaseModel, step: Step, update: number, part: number): PlacedTask {
  const { network } = step.trains!;
  const thread = threadOf(part, model.threads);
  const group = gradientGroup(network, part);
  return {
    thread,
    reads: [`${group}@${thread}`],
    writes: [publishedLocation(step, update, part)],
    operations: [
      { kind: 'copy', from: { in: 'own', name: group }, to: publishedPlace(model, step, update, part) },
    ],
  };
}

/** A step of one member's optimiser, or of a thread's copy of a single network. */
function optimiserTask(
  model: PhaseModel,
  step: Step,
  update: number,
  copy: number,
  thread: number,
): PlacedTask {
  const { network, optimiser } = step.trains!;
  const { weights, first, second, average, stepSize, epsilon, squaredNorm } = OPTIMISER_PORTS;
  const own = (name: string): Place => ({ in: 'own', name: memberName(name, network, copy) });
  const parts = network.kind === 'single' ? partsOf(model.sizes) : 1;
  const operations: Operation[] = [];
  const reads: string[] = [];
  const gradients: Record<string, Place> = {};
  for (let part = 0; part < parts; part++) {
    const group = gradientGroup(network, part);
    gradients[gradientPort(part)] = { in: 'own', name: group };
    if (network.kind === 'single' && threadOf(part, model.threads) !== thread) {
      operations.push({
        kind: 'copy',
        from: publishedPlace(model, step, update, part),
        to: { in: 'own', name: group },
      });
      reads.push(publishedLocation(step, update, part));
    } else reads.push(`${group}@${thread}`);
  }
  const state: Record<string, Place> = {
    [weights]: own(network.name),
    [first]: own(`${optimiser.name}First`),
    [second]: own(`${optimiser.name}Second`),
    ...(network.average && network.average.rate !== null && { [average]: own(network.average.name) }),
  };
  const scalar = (name: string, start: number): Place => ({ in: 'shared', name, start, size: 1 });
  const copies = network.kind === 'single' ? parts : network.members;
  operations.push({
    kind: 'stage',
    stage: optimiserStageName(optimiser),
    inputs: {
      ...state,
      ...gradients,
      [stepSize]: scalar(`${optimiser.name}StepSize`, update),
      [epsilon]: scalar(`${optimiser.name}Epsilon`, update),
    },
    outputs: { ...state, [squaredNorm]: scalar(`${optimiser.name}SquaredNorm`, update * copies + copy) },
    only: null,
  });
  const location = weightsLocation(network.name, copy, thread);
  return { thread, reads, writes: [location], operations };
}

/** Steps of the averages of all members, or of all copies of a single network. */
function followTasks(model: PhaseModel, { name, network }: FollowStep): PlacedTask[] {
  const copies =
    network.kind === 'single'
      ? copyThreads(model.sizes, model.threads).map((thread) => ({ copy: thread, thread }))
      : Array.from({ length: network.members }, (_, k) => ({ copy: k, thread: threadOf(k, model.threads) }));
  const { weights, average } = OPTIMISER_PORTS;
  return copies.map(({ copy, thread }) => {
    const own = (group: string): Place => ({ in: 'own', name: memberName(group, network, copy) });
    const outputs = { [average]: own(network.average!.name) };
    const inputs = { ...outputs, [weights]: own(network.name) };
    const location = weightsLocation(network.name, copy, thread);
    return {
      thread,
      reads: [],
      writes: [location],
      operations: [{ kind: 'stage', stage: name, inputs, outputs, only: null }],
    };
  });
}

function dualTask(model: PhaseModel, step: DualStep, update: number): PlacedTask {
  const reads = model.dualReads.get(step)!.flatMap((value) => allLocations(model, value, update));
  return {
    thread: 0,
    reads,
    writes: [dualLocation(step.dual.name)],
    operations: [{ kind: 'dual-step', step: [...model.dualReads.keys()].indexOf(step), update }],
  };
}

/** The runs of each step in `count` updates that follow `before` others. */
export function patternOf(steps: readonly { every: number }[], before: number, count: number): Pattern {
  if (count > CHUNK) throw new RangeError(`${count} updates are more than the ${CHUNK} of a chunk`);
  return Array.from({ length: count }, (_, update) =>
    steps.map(({ every }) => (before + update + 1) % every === 0),
  );
}
