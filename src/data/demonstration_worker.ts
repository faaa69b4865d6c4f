import { workerData } from 'node:worker_threads';
import { performForOthers } from '../threads/perform_tasks.js';
import { type DemonstrationPlan, Demonstrator } from './demonstrator.js';

performForOthers(await Demonstrator.create(workerData as DemonstrationPlan));
