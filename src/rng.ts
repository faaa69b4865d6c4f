import { hashSeed, RandomStream } from '../envs/random.js';

export { hashSeed, type RandomState, RandomStream } from '../envs/random.js';

/**
 * Everything random in a run draws from one of these streams, so that changing how one is used leaves the others
 * as they were. The names are part of a run's meaning: renaming one changes what a seed gives.
 */
export type StreamName =
  | 'agent-init'
  | 'agent-noise'
  | 'critic-subset'
  | 'seed-actions'
  | 'exploration-noise'
  | 'online-batches'
  | 'demo-batches'
  | 'demo-choice'
  | 'train-episodes'
  | 'eval-episodes'
  | 'expert'
  | 'collect'
  | 'collect-actions';

/** The 32-bit seed of a run's stream `name`. */
export function streamSeed(seed: number, name: StreamName): number {
  return hashSeed(seed, ...Array.from(name, (letter) => letter.charCodeAt(0)));
}

/** The named stream of a run with this seed, from its start. */
export function namedStream(seed: number, name: StreamName): RandomStream {
  return new RandomStream(streamSeed(seed, name));
}
