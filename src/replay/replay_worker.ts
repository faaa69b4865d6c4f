import { workerData } from 'node:worker_threads';
import { performForOthers } from '../threads/perform_tasks.js';
import { EpisodeReplayer } from './episode_replayer.js';
import type { ReplayPlan } from './plan.js';

performForOthers(await EpisodeReplayer.create(workerData as ReplayPlan));
