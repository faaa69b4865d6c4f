import type { Onnx } from './contract.js';
import * as platform from './node/onnx.js';

export const { createSession }: Onnx = platform;
