import type { TransitionBatches } from '../../src/buffers/transitions.js';
import { createLearner, type LearnerCase, NUM_MIN_QS, randomBatches, SIZES } from './learner_case.js';
import type { PythonPeer } from './peers/python_peer.js';
import { SgemmFloor } from './sgemm_floor.js';
import { roundProducts } from './update_products.js';

/** Something that makes updates, or stands in for it. */
export interface Racer {
  /** Makes `updates` updates, a multiple of the case's `actorUpdateFreq`, and returns the milliseconds per update. */
  race(updates: number): Promise<number>;
  close(): Promise<void>;
}

/** A racer with our learner. */
export async function learnerRacer(learner: LearnerCase, threads: number): Promise<Racer> {
  const agent = await createLearner(learner, threads);
  const made = new Map<number, TransitionBatches>();
  return {
    race(updates) {
      const batches = made.get(updates) ?? randomBatches(updates);
      made.set(updates, batches);
      return millisecondsEach(updates, () => agent.update(batches));
    },
    close: () => agent.dispose(),
  };
}

/** A racer with the matrix products of the updates alone. */
export async function floorRacer(learner: LearnerCase, threads: number): Promise<Racer> {
  const { numQs, actorUpdateFreq } = learner;
  const products = roundProducts({ ...SIZES, numQs, numMinQs: NUM_MIN_QS }, actorUpdateFreq);
  const floor = await SgemmFloor.create(products, threads);
  return {
    race: (updates) => millisecondsEach(updates, () => floor.run(updates / actorUpdateFreq)),
    close: () => floor.dispose(),
  };
}

/** A racer with the same updates in JAX. All cases share the peer; the caller closes it. */
export function jaxRacer({ numQs, actorUpdateFreq }: LearnerCase, peer: PythonPeer): Racer {
  const request = { num_qs: numQs, actor_update_freq: actorUpdateFreq };
  return {
    race: (updates) => peer.millisecondsPerUpdate({ ...request, updates }),
    close: async () => {},
  };
}

/** The milliseconds of each of `updates` updates, which `work` makes. */
export async function millisecondsEach(updates: number, work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / updates;
}
