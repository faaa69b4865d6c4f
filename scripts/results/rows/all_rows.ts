import { badDemosAblations, defaultAblations, learningAblations } from './ablation_rows.js';
import type { Row } from './row.js';
import { tasks } from './task_rows.js';
import {
  badDemos,
  fewDemos,
  pastDemos,
  randomization,
  realDemos,
  referenceFast,
  referenceSampleEfficient,
  wallClock,
} from './training_rows.js';
import {
  transfer,
  transferPastDemos,
  transferRandomization,
  transferReference,
  transferTasks,
  transferWithoutCloning,
} from './transfer_rows.js';

/** The rows of RESULTS.md, in its order. */
export const ROWS: readonly Row[] = [
  wallClock,
  tasks,
  fewDemos,
  pastDemos,
  badDemos,
  randomization,
  realDemos,
  referenceFast,
  referenceSampleEfficient,
  transfer,
  transferTasks,
  transferPastDemos,
  transferWithoutCloning,
  transferRandomization,
  transferReference,
  defaultAblations,
  badDemosAblations,
  learningAblations,
];
