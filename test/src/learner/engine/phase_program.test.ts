import { describe, expect, it } from 'vitest';
import { type RlpdOptions, rlpd } from '../../../../src/algorithms/rlpd.js';
import { modelOf } from '../../../../src/learner/engine/model.js';
import { patternOf, phasePrograms } from '../../../../src/learner/engine/phase_program.js';
import { SMALL, SMALL_NETWORKS } from '../support.js';

/** The online phase of RLPD on so many threads. */
function phaseOf(options: Partial<RlpdOptions>, threads: number, sizes = SMALL) {
  const declaration = rlpd.declare(rlpd.options.parse({ ...SMALL_NETWORKS, ...options }), sizes);
  return modelOf(declaration, sizes, threads).phases['online'];
}

/** Number of barriers in 16 updates. */
function meetings(options: Partial<RlpdOptions>, threads = 2): number {
  const phase = phaseOf(options, threads);
  const [program] = phasePrograms(phase, patternOf(phase.steps, 0, 16));
  return program.filter(({ kind }) => kind === 'barrier').length;
}

describe('16 updates', () => {
  it('with one step of the actor take 20 epochs: next actions of later updates are computed beforehand', () => {
    expect(meetings({ numQs: 2, actorUpdateFreq: 16 })).toBe(20);
  });

  it('take one epoch on one thread', () => {
    expect(meetings({ numQs: 2, actorUpdateFreq: 16 }, 1)).toBe(1);
    expect(meetings({ numQs: 3 }, 1)).toBe(1);
  });

  it('give each thread the same number of barriers, the last thing that it does', () => {
    for (const threads of [2, 3, 5]) {
      const phase = phaseOf({ numQs: 5, actorUpdateFreq: 2 }, threads);
      const programs = phasePrograms(phase, patternOf(phase.steps, 0, 16));
      expect(programs.length).toBe(threads);
      const barriers = programs.map((program) => program.filter(({ kind }) => kind === 'barrier').length);
      expect(new Set(barriers).size).toBe(1);
      for (const program of programs) expect(program[program.length - 1].kind).toBe('barrier');
    }
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
