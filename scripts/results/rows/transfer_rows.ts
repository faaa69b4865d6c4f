import { maniskillDemos } from './maniskill_demos.js';
import type { TrainingRow, TransferRow } from './row.js';
import { tasks } from './task_rows.js';
import { badDemos, pastDemos, randomization, referenceFast, wallClock } from './training_rows.js';

/** The first variant is what a row is about; the others are there to be compared with it. */
function firstVariant({ variants }: TrainingRow): string[] {
  return [variants[0].name];
}

export const transfer: TransferRow = {
  kind: 'transfer',
  id: 'transfer',
  title: 'The same policies in ManiSkill itself',
  text:
    "The best policy of each seed of `wall_clock`, as the `policy.onnx` that lies beside its checkpoint, in ManiSkill's own " +
    'environment on its own physics engine. None has ever seen it.',
  minutes: 1,
  source: wallClock,
  variants: firstVariant(wallClock),
  episodes: 200,
};

export const transferPastDemos: TransferRow = {
  kind: 'transfer',
  id: 'transfer_past_demos',
  title: 'Policies past their demonstrations, in ManiSkill itself',
  text: 'The same for `past_demos`: whether what makes them quicker than the expert holds there, too.',
  minutes: 1,
  source: pastDemos,
  variants: firstVariant(pastDemos),
  episodes: 200,
};

export const transferWithoutCloning: TransferRow = {
  kind: 'transfer',
  id: 'transfer_without_cloning',
  title: 'Policies without cloning, in ManiSkill itself',
  text:
    'The same for `bad_demos`: policies that reinforcement learning found by itself, in a simulator that they could have ' +
    'taken advantage of.',
  minutes: 2,
  source: badDemos,
  variants: firstVariant(badDemos),
  episodes: 200,
};

export const transferRandomization: TransferRow = {
  kind: 'transfer',
  id: 'transfer_randomization',
  title: 'Policies from worlds that differ, in ManiSkill itself',
  text: 'The same for `randomization`, to be held against the table above.',
  minutes: 2,
  source: randomization,
  variants: firstVariant(randomization),
  episodes: 200,
};

export const transferReference: TransferRow = {
  kind: 'transfer',
  id: 'transfer_reference',
  title: "The reference's policy in ManiSkill itself",
  text: "The same for `reference_fast`: a policy of the reference's own recipe.",
  minutes: 2,
  source: referenceFast,
  variants: firstVariant(referenceFast),
  episodes: 200,
};

export const transferTasks: TransferRow = {
  kind: 'transfer',
  id: 'transfer_tasks',
  title: 'The policies of all tasks in ManiSkill itself',
  text: 'The same for `tasks`: the best policy of each task and seed.',
  minutes: 3,
  source: tasks,
  variants: tasks.variants.map(({ name }) => name),
  episodes: 200,
};

/** Seeds of ManiSkill from here on are not those of the demonstrations, which begin at 0: an episode must not begin as one of them did. */
const UNSEEN_SEED = 1000;

export const transferManiskillDemos: TransferRow = {
  kind: 'transfer',
  id: 'transfer_maniskill_demos',
  title: "Policies cloned from ManiSkill's demonstrations, in ManiSkill itself",
  text:
    'The same for `maniskill_demos`: whether policies that have learnt from nothing but ManiSkill succeed there as often as here. No ' +
    'episode begins as a demonstration did.',
  minutes: 4,
  source: maniskillDemos,
  variants: maniskillDemos.variants.map(({ name }) => name),
  episodes: 200,
  firstSeed: UNSEEN_SEED,
};
