import * as tf from '@tensorflow/tfjs';

// Without this flag the library prints a banner advertising tfjs-node when its first tensor is made in Node.
tf.enableProdMode();

export { tf };
