import { hashSeed, RandomStream } from '../envs/random.js';

export { hashSeed, type RandomState, RandomStream } from '../envs/random.js';

/**
 * The names of random streams. All random numbers of a run are drawn from one of these streams, so that changing the
 * use of one leaves the others as they were. The names are part of a run's meaning: renaming one changes the numbers of
 * a seed.
 */
export type StreamName =
  | 'agent-init'
  | 'agent-noise'
  | 'following-agent'
  | 'critic-subset'
  | 'candidate-actions'
  | 'imagined-states'
  | 'imagined-actions'
  | 'imagined-outcomes'
  | 'imagined-members'
  | 'seed-actions'
  | 'exploration-noise'
  | 'online-batches'
  | 'demo-batches'
  | 'balanced-batches'
  | 'demo-choice'
  | 'train-episodes'
  | 'eval-episodes'
  | 'expert'
  | 'collect'
  | 'collect-actions'
  | 'split-episodes'
  | 'sample-episodes';

/** The 32-bit seed of a run's stream `name`. */
export function streamSeed(seed: number, name: StreamName): number {
  return hashSeed(seed, ...Array.from(name, (letter) => letter.charCodeAt(0)));
}

/** The named stream of a run with this seed, from its start. */
export function namedStream(seed: number, name: StreamName): RandomStream {
  return new RandomStream(streamSeed(seed, name));
}
