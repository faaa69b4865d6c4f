import type * as library from '@tensorflow/tfjs';
import { loadTensorFlow } from '../runtime/tensorflow.js';
import { registerMissingGradients } from './missing_gradients.js';
import { registerSecondGradients } from './second_gradients.js';

let loaded: typeof library | null = null;

/** TensorFlow.js, loaded at its first use: code that only reads an algorithm's options does without. */
const tf = new Proxy({} as typeof library, {
  get: (_, name: keyof typeof library) => {
    loaded ??= load();
    return loaded[name];
  },
});

declare namespace tf {
  type Tensor<Rank extends library.Rank = library.Rank> = library.Tensor<Rank>;
  type Tensor2D = library.Tensor2D;
  type Scalar = library.Scalar;
  type GradSaveFunc = library.GradSaveFunc;
  type BackendValues = library.BackendValues;
}

function load(): typeof library {
  const module = loadTensorFlow();
  // Without this flag the library prints a banner advertising tfjs-node when its first tensor is made in Node.
  module.enableProdMode();
  registerMissingGradients(module);
  registerSecondGradients(module);
  return module;
}

export { tf };
