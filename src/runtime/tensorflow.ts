import type { TensorFlow } from './contract.js';
import * as platform from './node/tensorflow.js';

export const { loadTensorFlow }: TensorFlow = platform;
