import { expect, it } from 'vitest';
import { environmentIds, taskOf } from '../../envs/registry.js';

it.each([
  ['StackCubes-v1', 'StackCube-v1'],
  ['StackCube-v2', 'StackCube-v1'],
  ['pushcube', 'PushCube-v1'],
  ['peg_insertion', 'PegInsertionSide-v1'],
])('for the unknown task %s, %s is offered', (word, nearest) => {
  expect(() => taskOf(word)).toThrow(`unknown environment "${word}"; did you mean "${nearest}"? known: `);
});

it('for a task that is like none, all are listed', () => {
  expect(() => taskOf('CartPole-v1')).toThrow(
    `unknown environment "CartPole-v1"; known: ${environmentIds().join(', ')}`,
  );
});
