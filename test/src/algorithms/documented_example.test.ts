import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createLearner } from '../../../src/learner/learner.js';
import { actionsOf, dispose, randomBatches, SMALL, someObservations } from '../learner/support.js';
import { cloning } from './documented_example.js';

const page = readFileSync(new URL('../../../docs/declaring_algorithms.md', import.meta.url), 'utf8');
const source = readFileSync(new URL('./documented_example.ts', import.meta.url), 'utf8');

/** The code without imports, whose paths and order depend on where the file is. */
function body(code: string): string {
  return code.slice(code.indexOf('const options')).trim();
}

it('the example in docs/declaring_algorithms.md is the one that is tested here', () => {
  const [, example] = /```ts\n(.*?)```/s.exec(page)!;
  expect(body(example)).toBe(body(source));
});

it('the example learns the mean action in the data', async () => {
  const options = { actorFeatures: [16], actorLearningRate: 3e-3 };
  const learner = await createLearner(cloning, options, SMALL, { seed: 1, threads: 1 });
  const batches = randomBatches(400);
  // Not one action alone: the likelihood of that has no upper limit.
  batches.actions.forEach((_, i) => {
    batches.actions[i] = i % 2 === 0 ? 0.3 : 0.7;
  });
  await learner.update(batches);
  const actions = await actionsOf(learner, someObservations(4), 'mode');
  for (const action of actions) expect(Math.abs(action - 0.5)).toBeLessThan(0.1);
  await dispose(learner);
});
