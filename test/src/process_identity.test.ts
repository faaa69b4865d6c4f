import { describe, expect, it } from 'vitest';
import { isSameProcess, isWithinReach, mayStillRun, thisProcess } from '../../src/process_identity.js';
import { processBirth } from '../../src/processes.js';
import { DEAD_PID } from './runs/run_fixture.js';

const here = thisProcess();
const MINUTE = 60_000;
/** Another living process on the same machine, as this process sees it. */
const neighbour = { ...here, pid: process.ppid, born: processBirth(process.ppid) };
const UNKNOWN = { boot: null, namespace: null, born: null };

describe('mayStillRun', () => {
  it.each([
    ['this process', here, true],
    ['a living process', neighbour, true],
    ['a dead one', { ...neighbour, pid: DEAD_PID }, false],
    ['an earlier one of the same number', { ...neighbour, born: 1 }, false],
    ['an earlier one of our number, as after the restart of a container', { ...here, born: 1 }, false],
    ['the same without a namespace', { ...here, namespace: null, born: 1 }, false],
    ['one of our number that an earlier version noted', { ...here, ...UNKNOWN }, false],
    ['a living one that an earlier version noted', { ...neighbour, ...UNKNOWN }, true],
    ['one on another machine', { ...neighbour, host: 'elsewhere', pid: DEAD_PID }, true],
    ['one of our number in another container', { ...here, host: 'box-b' }, true],
    ['one of our number in another container of the same name', { ...here, namespace: 'pid:[1]' }, true],
    ['one from before the machine was started', { ...here, boot: 'an earlier one' }, true],
  ])('of %s, just heard of: %o: %s', (_, identity, expected) => {
    expect(mayStillRun(identity, Date.now())).toBe(expected);
  });

  it.each([-3 * MINUTE, 3 * MINUTE, 1e10])(
    'after a sign of life %d ms from now asks the system, not the clock',
    (later) => {
      const at = Date.now() + later;
      expect(mayStillRun(neighbour, at)).toBe(true);
      expect(mayStillRun({ ...neighbour, pid: DEAD_PID }, at)).toBe(false);
      expect(mayStillRun({ ...neighbour, host: 'elsewhere' }, at)).toBe(false);
      expect(mayStillRun({ ...here, namespace: 'pid:[1]' }, at)).toBe(false);
      // Somebody has this number, and it is not known who.
      expect(mayStillRun({ ...neighbour, ...UNKNOWN }, at)).toBe(false);
    },
  );
});

it('a process is told from others of its number, and looked for where its number means it', () => {
  expect(isSameProcess(here, { ...here })).toBe(true);
  for (const other of [{ pid: 1 }, { host: 'x' }, { boot: 'x' }, { namespace: 'x' }, { born: 1 }]) {
    expect(isSameProcess(here, { ...here, ...other })).toBe(false);
  }
  const reach = [{ pid: 1, born: 1 }, UNKNOWN, { host: 'x' }, { boot: 'x' }, { namespace: 'x' }];
  expect(reach.map((change) => isWithinReach({ ...here, ...change }))).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});
