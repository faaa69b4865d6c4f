import { describe, expect, it } from 'vitest';
import { stepsLeft, stepsSum, stepsText } from '../../../src/training/run_progress.js';

const steps = (cloneSteps: number, offlineSteps: number, envSteps: number) => ({
  cloneSteps,
  offlineSteps,
  envSteps,
});

describe('the steps of a run', () => {
  it('are named after what they are, and cloning only where there is nothing else', () => {
    expect(stepsText(steps(20, 0, 3000))).toBe('3000 env steps');
    expect(stepsText(steps(20, 5000, 0))).toBe('5000 offline updates');
    expect(stepsText(steps(0, 5000, 3000))).toBe('5000 offline updates and 3000 env steps');
    expect(stepsText(steps(20, 0, 0))).toBe('20 cloning updates');
    expect(stepsText(steps(0, 0, 0))).toBe('0 env steps');
  });

  it('are added and taken away kind by kind', () => {
    expect(stepsSum([steps(1, 2, 3), steps(10, 20, 30)])).toEqual(steps(11, 22, 33));
    expect(stepsLeft(steps(10, 20, 30), steps(10, 5, 32))).toEqual(steps(0, 15, 0));
  });
});
