import type { ThreadCount } from './contract.js';
import * as platform from './node/thread_count.js';

export const { availableThreads }: ThreadCount = platform;
