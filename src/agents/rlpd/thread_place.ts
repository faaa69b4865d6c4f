import type { Groups } from '../../compile/local_arrays.js';
import type { RlpdModel } from './model.js';
import type { RlpdOptions } from './options.js';
import { policyParts } from './shapes.js';

/** Which thread of a learner this is, of how many. */
export interface ThreadPlace {
  index: number;
  count: number;
}

/** The critics that live on a thread. */
export function criticsOf({ numQs }: RlpdOptions, { index, count }: ThreadPlace): number[] {
  return Array.from({ length: numQs }, (_, k) => k).filter((k) => k % count === index);
}

/** The parts of a batch for which a thread runs the policy; it has a copy of the actor if there are any. */
export function partsOf(options: RlpdOptions, { index, count }: ThreadPlace): number[] {
  return Array.from({ length: policyParts(options) }, (_, part) => part).filter(
    (part) => part % count === index,
  );
}

/** The groups of arrays that a thread keeps. */
export function localGroups(model: RlpdModel, options: RlpdOptions, place: ThreadPlace): Groups {
  const hasActor = partsOf(options, place).length > 0;
  return {
    ...(hasActor ? { ...model.actorGroups, ...model.actorGradients } : {}),
    ...Object.assign({}, ...criticsOf(options, place).map((k) => model.criticGroups(k))),
    ...model.criticGradient,
  };
}
