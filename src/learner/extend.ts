import type { z } from 'zod';
import {
  type Algorithm,
  type Declaration,
  declaredPhases,
  type OptionsSchema,
  type PhaseDeclaration,
  type PhaseName,
  type PhaseStep,
  type Sizes,
} from './algorithm.js';
import type { Metric } from './metrics.js';
import type { Scope, Step, StepResult } from './step.js';

/** The differences between an algorithm and the one that it is made from. */
export interface Change<Options> {
  name: string;
  paper: string;
  /** Other defaults of the same options. */
  defaults?: Partial<Options>;
  /** Another declaration, made from the original's. */
  declare?(declaration: Declaration, options: Options, sizes: Sizes): Declaration;
}

/** An algorithm made from another. */
export function extend<Options>(base: Algorithm<Options>, change: Change<Options>): Algorithm<Options> {
  const { name, paper, defaults = {}, declare = (declaration: Declaration) => declaration } = change;
  return {
    name,
    paper,
    options: withDefaults(base.options, defaults),
    declare: (options, sizes) => declare(base.declare(options, sizes), options, sizes),
  };
}

/** The same options, of which some have other defaults. */
export function withDefaults<Options>(
  options: OptionsSchema<Options>,
  defaults: Partial<Options>,
): OptionsSchema<Options> {
  const changed = Object.entries(defaults).map(([name, value]) => {
    const option = options.shape[name] as z.ZodType;
    return [name, option.default(value).describe(option.description ?? '')];
  });
  return options.safeExtend(Object.fromEntries(changed)) as unknown as OptionsSchema<Options>;
}

/**
 * A declaration in which the step `name` has other results: another loss, other values, or further ones. `change` makes
 * them from the step's own, and reads what the step can read; what it leaves out stays. Later steps and metrics read the
 * changed values. Throws, naming the steps that there are, if there is none of that name.
 */
export function changeStep(
  declaration: Declaration,
  name: string,
  change: (scope: Scope, results: StepResult) => Partial<StepResult>,
): Declaration {
  const original = stepCalled(declaration, name);
  const changed: Step = {
    ...original,
    run(scope) {
      const results = original.run(scope);
      const { loss = results.loss, values } = change(scope, results);
      return { loss, values: { ...results.values, ...values } };
    },
  };
  const withChange = (phase: PhaseDeclaration): PhaseDeclaration => ({
    ...phase,
    steps: phase.steps.map((step) => (step === original ? changed : step)),
  });
  const phases = declaredPhases(declaration).map(([key, phase]) => [key, withChange(phase)]);
  return { ...declaration, phases: Object.fromEntries(phases) };
}

/** Further steps of a phase, before its own and after them, and further metrics. */
export interface PhaseAddition {
  before?: readonly Step[];
  after?: readonly PhaseStep[];
  metrics?: readonly Metric[];
}

/** A declaration whose phase `name` does more. Throws a RangeError if it has no such phase. */
export function extendPhase(
  declaration: Declaration,
  name: PhaseName,
  { before = [], after = [], metrics = [] }: PhaseAddition,
): Declaration {
  const phase = declaration.phases[name];
  if (!phase) throw new RangeError(`no phase "${name}" to add to`);
  const extended = {
    steps: [...before, ...phase.steps, ...after],
    metrics: [...phase.metrics, ...metrics],
  };
  return { ...declaration, phases: { ...declaration.phases, [name]: extended } };
}

function stepCalled(declaration: Declaration, name: string): Step {
  const steps = declaredPhases(declaration).flatMap(([, { steps }]) =>
    steps.filter((step) => step.kind === 'step'),
  );
  const found = steps.find((step) => step.name === name);
  if (found) return found;
  throw new RangeError(
    `no step "${name}" to change; there are: ${steps.map((step) => step.name).join(', ')}`,
  );
}
