import type { Gpu } from './contract.js';
import * as platform from './node/gpu.js';

export const { findGpuProvider }: Gpu = platform;
