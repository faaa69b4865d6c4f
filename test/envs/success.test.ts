import { describe, expect, it } from 'vitest';
import { environmentEntry, tableTopTasks } from '../../envs/registry.js';
import { succeeds, successBy, withMeasure } from '../../envs/success.js';
import { defineTask } from '../../envs/tasks/define_task.js';
import { PUSH_CUBE } from '../../envs/tasks/push_cube.js';

describe('success', () => {
  it.each([
    [[0, 0, 1], true, true],
    [[0, 1, 0], false, true],
    [[0, 0, 0], false, false],
    [[], false, false],
  ])('of the steps %j counts at the end: %s, at any step: %s', (flags, atEnd, once) => {
    expect(succeeds('success_at_end', Uint8Array.from(flags))).toBe(atEnd);
    expect(succeeds('success_once', Uint8Array.from(flags))).toBe(once);
  });

  it('is the one of both that counts, and a table says so if it is not the usual one', () => {
    const shares = { successAtEnd: 0.1, successOnce: 0.9 };
    expect(successBy('success_at_end', shares)).toBe(0.1);
    expect(successBy('success_once', shares)).toBe(0.9);
    expect(withMeasure('PickCube-v1', 'success_at_end')).toBe('PickCube-v1');
    expect(withMeasure('RollBall-v1', 'success_once')).toBe('RollBall-v1 (at any step)');
  });
});

describe('a task', () => {
  it('is judged at the end, but for RollBall-v1, where the ball rolls on', () => {
    const others = tableTopTasks()
      .map(({ id }) => id)
      .filter((id) => environmentEntry(id).judgedBy !== 'success_at_end');
    expect(others).toEqual(['RollBall-v1']);
    expect(environmentEntry('RollBall-v1').judgedBy).toBe('success_once');
  });

  it('can not be judged by anything else', () => {
    const define = () => defineTask({ ...PUSH_CUBE, id: 'Own-v0', judgedBy: 'once' as never });
    expect(define).toThrow('task Own-v0: it is judged by "once"; there are: success_at_end, success_once');
  });
});
