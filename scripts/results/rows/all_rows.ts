import { badDemosAblations, defaultAblations, learningAblations } from './ablation_rows.js';
import type { Row } from './row.js';
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
  transferWithoutCloning,
} from './transfer_rows.js';

/** The rows of RESULTS.md, in its order. */
export const ROWS: readonly Row[] = [
  wallClock,
  fewDemos,
  pastDemos,
  badDemos,
  randomization,
  realDemos,
  referenceFast,
  referenceSampleEfficient,
  transfer,
  transferPastDemos,
  transferWithoutCloning,
  transferRandomization,
  transferReference,
  defaultAblations,
  badDemosAblations,
  learningAblations,
];
