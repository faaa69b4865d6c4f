import { isKept } from '../../buffers/columns.js';
import {
  type Declaration,
  type DualStep,
  declaredPhases,
  type PhaseDeclaration,
  type PhaseStep,
} from '../algorithm.js';
import type { DeclaredNetwork, Schedule, Step, Value } from '../step.js';
import { allOptimisers, steadyOptimiser } from './memory.js';
import type { StepStage } from './stages.js';
import type { PortSource } from './step_scope.js';

/** The reads of an algorithm's parts, as they were found by running each of them once. */
export interface FoundReads {
  stages: ReadonlyMap<Step, StepStage>;
  /** The values that the gradient of each dual variable reads, and those of each metric, by its phase and name. */
  dualReads: ReadonlyMap<DualStep, readonly Value[]>;
  metricReads: readonly { phase: PhaseDeclaration; name: string; after: Step; values: readonly Value[] }[];
}

/**
 * Throws, naming the part, if two parts of an algorithm have one name, a part reads what is not declared or was not
 * computed in the same update, nothing counts the updates of a phase, an average never moves, or nothing makes a column.
 */
export function checkDeclaration(declaration: Declaration, reads: FoundReads): void {
  checkNames(declaration, reads.stages);
  checkAverages(declaration);
  checkRefresh(declaration);
  checkImagination(declaration);
  checkBalance(declaration);
  const { offline, online } = declaration.phases;
  if (!offline && !online) throw new Error('an algorithm needs a phase "offline" or "online"');
  for (const [name, phase] of declaredPhases(declaration)) {
    const optimiser = steadyOptimiser(phase.steps);
    if (!optimiser) throw new Error(`no step of the phase "${name}" learns in every update`);
    if (name === 'clone' && optimiser.name !== 'clone') {
      throw new Error(`the optimiser of the phase "clone" is "${optimiser.name}": call it "clone" too`);
    }
    phase.steps.forEach((step, index) => {
      const before = phase.steps.slice(0, index);
      switch (step.kind) {
        case 'dual-step':
          for (const value of reads.dualReads.get(step)!) checkRead(step.name, step.every, value, before);
          break;
        case 'step':
          for (const source of reads.stages.get(step)!.sources.values()) {
            checkSource(declaration, step, source, before);
          }
          break;
        case 'follow-step':
          requireDeclared(step, 'network', step.network, declaration.networks);
      }
    });
  }
  for (const { phase, name, after, values } of reads.metricReads) {
    for (const value of values) checkRead(name, after.every, value, phase.steps);
  }
}

function checkNames(declaration: Declaration, stages: FoundReads['stages']): void {
  const { networks, duals = [], settings = [] } = declaration;
  requireDistinct([
    ...networks.flatMap(({ name, average }) => (average ? [name, average.name] : [name])),
    ...duals.map(({ name }) => name),
    ...settings.map(({ name }) => name),
    ...[...stages.values()].flatMap(({ values }) => [...values.keys()]),
  ]);
  const steps = new Set(declaredPhases(declaration).flatMap(([, phase]) => phase.steps));
  requireDistinct([...steps].map(({ name }) => name));
  requireDistinct(allOptimisers(declaration).map(({ name }) => name));
}

/** Throws unless the values of a refresh are those of a single network that is declared. */
function checkRefresh({ refresh, networks }: Declaration): void {
  if (!refresh) return;
  const { name, kind } = refresh.value;
  if (networks.includes(refresh.value) && kind === 'single') return;
  throw new Error(`the refresh takes values from "${name}", which is not a single network of the algorithm`);
}

/** Throws unless rollouts are made with an ensemble that is declared, which a phase `model` is there to train. */
function checkImagination({ imagination, networks, phases }: Declaration): void {
  if (!imagination) return;
  const { name, kind } = imagination.model;
  if (!networks.includes(imagination.model) || kind !== 'ensemble') {
    throw new Error(`rollouts are made with "${name}", which is not an ensemble of the algorithm`);
  }
  if (!phases.model) throw new Error(`no phase "model" trains "${name}"`);
}

/** Throws unless the ratio of experience to data is a single network that is declared, which a phase `balance` is there to train. */
function checkBalance({ balance, networks, phases }: Declaration): void {
  if (!balance) return;
  const { name, kind } = balance.ratio;
  if (!networks.includes(balance.ratio) || kind !== 'single') {
    throw new Error(`transitions are weighed by "${name}", which is not a single network of the algorithm`);
  }
  if (!phases.balance) throw new Error(`no phase "balance" trains "${name}"`);
}

/** Throws unless each average moves, and in one way: with the steps of its weights, or by steps of its own. */
function checkAverages(declaration: Declaration): void {
  const steps = declaredPhases(declaration).flatMap(([, phase]) => phase.steps);
  const followed = new Set<DeclaredNetwork>();
  for (const step of steps) {
    if (step.kind !== 'follow-step') continue;
    const { name, network } = step;
    if (!network.average)
      throw new Error(`step "${name}" moves an average of "${network.name}", which has none`);
    if (network.average.rate !== null) {
      throw new Error(
        `step "${name}" moves the average of "${network.name}", which moves by itself: leave its rate to the step`,
      );
    }
    followed.add(network);
  }
  for (const network of declaration.networks) {
    if (network.average?.rate === null && !followed.has(network)) {
      throw new Error(`nothing moves the average of "${network.name}": it has neither a rate nor a step`);
    }
  }
  const { networks, averaged } = declaration.policy;
  const without = networks.find(({ average }) => !average);
  if (averaged && without) {
    throw new Error(`the policy acts by an average of "${without.name}", which has none`);
  }
}

function requireDistinct(names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`two parts of an algorithm are called "${twice}"`);
}

function checkSource(
  declaration: Declaration,
  step: Step,
  port: PortSource,
  before: readonly PhaseStep[],
): void {
  if (port.kind === 'own') {
    for (const value of port.values) checkRead(step.name, step.every, value, before);
    return;
  }
  const value = valueIn(port);
  if (value) {
    checkRead(step.name, step.every, value, before);
    const { only } = value.step;
    const isDrawn = port.kind === 'chosen' ? port.subset === only : step.only === only;
    if (only && !isDrawn) {
      throw new Error(`step "${step.name}" reads "${value.name}" of members that were not drawn`);
    }
    return;
  }
  if (port.kind === 'weights') requireDeclared(step, 'network', port.network, declaration.networks);
  if (port.kind !== 'source') return;
  if (port.source.kind === 'column' && isKept(port.source.name) && !declaration.refresh) {
    throw new Error(
      `step "${step.name}" reads "${port.source.name}", which the algorithm has no refresh for`,
    );
  }
  if (port.source.kind === 'dual')
    requireDeclared(step, 'dual variable', port.source, declaration.duals ?? []);
  if (port.source.kind === 'setting')
    requireDeclared(step, 'setting', port.source, declaration.settings ?? []);
  if (port.source.kind === 'schedule') requireCounted(step, port.source, declaration);
}

function valueIn(port: PortSource): Value | null {
  if (port.kind === 'member' || port.kind === 'chosen') return port.value;
  return port.kind === 'source' && port.source.kind === 'value' ? port.source : null;
}

/** Throws unless a value is of a step before, in the same phase, that runs whenever the reader does. */
function checkRead(reader: string, every: number, { name, step }: Value, before: readonly PhaseStep[]): void {
  // By its name: a changed step gives values under the handles of the original.
  if (before.some((earlier) => earlier.name === step.name) && every % step.every === 0) return;
  throw new Error(`"${reader}" reads "${name}", which "${step.name}" does not give in each of its updates`);
}

function requireDeclared<Part extends { name: string }>(
  step: PhaseStep,
  kind: string,
  part: Part,
  declared: readonly Part[],
): void {
  if (declared.includes(part)) return;
  throw new Error(`step "${step.name}" uses the ${kind} "${part.name}", which is not declared`);
}

function requireCounted(step: Step, { name, counter }: Schedule, declaration: Declaration): void {
  if (allOptimisers(declaration).some((optimiser) => optimiser.counter === counter)) return;
  throw new Error(`step "${step.name}" reads "${name}", which follows "${counter}": no step counts that`);
}
