import { describe, expect, it } from 'vitest';
import { type RlpdOptions, rlpd } from '../../../../src/algorithms/rlpd.js';
import { td3Bc } from '../../../../src/algorithms/td3_bc.js';
import { modelOf } from '../../../../src/learner/engine/model.js';
import { patternOf, phasePrograms } from '../../../../src/learner/engine/phase_program.js';
import type { PhaseModel } from '../../../../src/learner/engine/places.js';
import type { Program } from '../../../../src/learner/engine/program.js';
import { SMALL, SMALL_NETWORKS } from '../support.js';

/** The online phase of RLPD on so many threads. */
function phaseOf(options: Partial<RlpdOptions>, threads: number, sizes = SMALL) {
  const declaration = rlpd.declare(rlpd.options.parse({ ...SMALL_NETWORKS, ...options }), sizes);
  return modelOf(declaration, sizes, threads).phases['online'];
}

/** The programs of 16 updates. */
function programsOf(phase: PhaseModel): Program[] {
  return phasePrograms(phase, patternOf(phase.steps, 0, 16));
}

/** The time at which all threads have met, if each stage takes a unit of time and all else none. Throws if they wait forever. */
function duration(programs: readonly Program[]): number {
  const reached = new Map<string, number>();
  const threads = programs.map((program) => ({ program, next: 0, time: 0 }));
  for (;;) {
    let isStuck = true;
    threads.forEach((own, thread) => {
      for (; own.next < own.program.length; own.next++) {
        const operation = own.program[own.next];
        if (operation.kind === 'stage') own.time++;
        if (operation.kind === 'reach') reached.set(`${thread}:${operation.count}`, own.time);
        if (operation.kind === 'wait') {
          const time = reached.get(`${operation.thread}:${operation.count}`);
          if (time === undefined) return;
          own.time = Math.max(own.time, time);
        }
        isStuck = false;
      }
    });
    if (threads.every(({ program, next }) => next === program.length)) break;
    if (isStuck) throw new Error('the threads wait for each other forever');
  }
  return Math.max(...threads.map(({ time }) => time));
}

describe('16 updates', () => {
  it('on one thread wait for nothing', () => {
    const [program] = programsOf(phaseOf({ numQs: 3 }, 1));
    expect(program.filter(({ kind }) => kind === 'wait' || kind === 'reach')).toEqual([]);
  });

  it('end when all threads meet, of which none had more tasks than they say', () => {
    for (const threads of [1, 2, 3, 5]) {
      const programs = programsOf(phaseOf({ numQs: 5, actorUpdateFreq: 2 }, threads));
      expect(programs.length).toBe(threads);
      const ends = programs.map((program) => program.findIndex(({ kind }) => kind === 'meet'));
      expect(ends).toEqual(programs.map(({ length }) => length - 1));
      const counts = programs.flat().flatMap((each) => (each.kind === 'meet' ? [each.count] : []));
      expect(new Set(counts).size).toBe(1);
      for (const each of programs.flat()) {
        if (each.kind === 'reach') expect(each.count).toBeLessThanOrEqual(counts[0]);
      }
    }
  });

  it('keep two threads busy side by side, also with numbers about the whole batch between', () => {
    const soft = programsOf(phaseOf({ numQs: 2 }, 2));
    expect(duration(soft) / duration(programsOf(phaseOf({ numQs: 2 }, 1)))).toBeLessThan(0.6);
    const twin = (threads: number) => {
      const declaration = td3Bc.declare(td3Bc.options.parse({}), SMALL);
      return duration(programsOf(modelOf(declaration, SMALL, threads).phases['online']));
    };
    expect(twin(2) / twin(1)).toBeLessThan(0.6);
  });

  it('run each stage for each member and part, whatever the number of threads', () => {
    const runs = (threads: number) => {
      const phase = phaseOf({ numQs: 5, actorUpdateFreq: 2 }, threads);
      const operations = phasePrograms(phase, patternOf(phase.steps, 0, 16)).flat();
      return operations
        .flatMap((operation) => (operation.kind === 'stage' ? [operation.stage] : []))
        .filter((stage) => stage !== 'actor optimiser')
        .sort();
    };
    for (const threads of [2, 3, 5]) expect(runs(threads)).toEqual(runs(1));
  });
});

describe('steps that do not run in every update', () => {
  const steps = [{ every: 1 }, { every: 3 }];

  it('run in the last of so many, counted over calls', () => {
    const runs = (before: number, count: number) => patternOf(steps, before, count).map(([, third]) => third);
    expect(runs(0, 4)).toEqual([false, false, true, false]);
    expect(runs(4, 2)).toEqual([false, true]);
    expect(patternOf(steps, 7, 3).map(([first]) => first)).toEqual([true, true, true]);
  });

  it('are laid out for a chunk of 16 updates at most', () => {
    expect(() => patternOf(steps, 0, 17)).toThrow('17 updates are more than the 16 of a chunk');
  });
});
