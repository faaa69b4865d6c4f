import { badDemosAblations, defaultAblations, learningAblations } from './ablation_rows.js';
import { offline, tiers } from './comparison_rows.js';
import { maniskillDemos } from './maniskill_demos.js';
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
  transferManiskillDemos,
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
  maniskillDemos,
  tiers,
  offline,
  referenceFast,
  referenceSampleEfficient,
  transfer,
  transferTasks,
  transferManiskillDemos,
  transferPastDemos,
  transferWithoutCloning,
  transferRandomization,
  transferReference,
  defaultAblations,
  badDemosAblations,
  learningAblations,
];
