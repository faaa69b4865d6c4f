import type { Threads } from './contract.js';
import * as platform from './node/threads.js';

export const { joinStarter, nextTurn, startWorker, workerEntry }: Threads = platform;
