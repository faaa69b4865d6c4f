import { createRequire } from 'node:module';
import type * as library from '@tensorflow/tfjs';
import { registerMissingGradients } from './missing_gradients.js';
import { registerSecondGradients } from './second_gradients.js';

// Loaded as the CommonJS module that it is: as an ES module it takes Node three times as long, a third of a second.
const tf: typeof library = createRequire(import.meta.url)('@tensorflow/tfjs');

declare namespace tf {
  type Tensor<Rank extends library.Rank = library.Rank> = library.Tensor<Rank>;
  type Tensor2D = library.Tensor2D;
  type Scalar = library.Scalar;
  type GradSaveFunc = library.GradSaveFunc;
  type BackendValues = library.BackendValues;
}

// Without this flag the library prints a banner advertising tfjs-node when its first tensor is made in Node.
tf.enableProdMode();
registerMissingGradients(tf);
registerSecondGradients(tf);

export { tf };
