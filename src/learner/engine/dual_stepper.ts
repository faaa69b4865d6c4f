import type { SharedArrays } from '../../compile/shared_arrays.js';
import { adamScalar } from '../../nn/adam.js';
import type { DualStepper } from './machine.js';
import type { LearnerModel } from './model.js';
import { SharedRecord } from './shared_record.js';

/** Steps of dual variables on their numbers in shared memory. */
export function dualStepper(model: LearnerModel, shared: SharedArrays): DualStepper {
  const record = new SharedRecord(model, shared);
  return (step, update) => {
    const { dual, optimiser, gradient } = model.dualSteps[step];
    const [value, first, second] = ['', 'First', 'Second'].map((end) => shared.get(`${dual.name}${end}`));
    const next = adamScalar({ first: first[0], second: second[0] }, gradient(record.at(update)), {
      stepSize: shared.get(`${optimiser.name}StepSize`)[update],
      epsilon: shared.get(`${optimiser.name}Epsilon`)[update],
    });
    value[0] -= next.change;
    first[0] = next.first;
    second[0] = next.second;
    shared.get(`${dual.name}Used`).fill(value[0], update + 1);
  };
}

/** Stores the present dual variables as those that the updates of a chunk use, until steps of theirs change them. */
export function noteDuals({ declaration }: LearnerModel, shared: SharedArrays): void {
  for (const { name } of declaration.duals ?? []) shared.get(`${name}Used`).fill(shared.get(name)[0]);
}
