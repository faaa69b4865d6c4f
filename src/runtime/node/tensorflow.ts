import { createRequire } from 'node:module';
import type * as tensorflow from '@tensorflow/tfjs';

/** Loads the library; see `TensorFlow` in the contract. */
export function loadTensorFlow(): typeof tensorflow {
  // As the CommonJS module that it is: as an ES module it takes Node three times as long, a third of a second.
  return createRequire(import.meta.url)('@tensorflow/tfjs');
}
