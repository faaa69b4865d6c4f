import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Environment, EnvironmentState } from '../../../envs/env.js';
import { environmentEntry, makeEnvironment } from '../../../envs/registry.js';
import { type Moment, RECORDED, type RecordedStep, readRecording, stateAt } from './recording.js';

/** Largest difference of any number after one step from a recorded state, absolute, or relative where it is above 1. */
const TOLERANCE = 1e-11;
const RESETS = 2000;

describe.each(RECORDED)('%s moves as in Gymnasium', (envId) => {
  const { start, steps, resets } = readRecording(envId);
  let environment: Environment;
  let observation: Float32Array;

  beforeAll(async () => {
    environment = await makeEnvironment(envId, { controlMode: 'motor', rewardMode: 'dense' });
    observation = new Float32Array(environment.spec.observationDim);
  });
  afterAll(() => environment.close());

  const begin = (moment: Moment) => environment.setState(stateAt(moment, environment.getState()));

  const expectStep = (step: RecordedStep, place: string) => {
    const { reward, terminated, rewardTerms } = environment.step(Float32Array.from(step.action), observation);
    expect(difference(environment.getState(), stateAt(step, environment.getState())), place).toBeLessThan(
      TOLERANCE,
    );
    expect(Math.abs(reward - step.reward), place).toBeLessThan(TOLERANCE);
    for (const [name, value] of Object.entries(step.terms)) {
      expect(Math.abs(rewardTerms[name] - value), `${place}, ${name}`).toBeLessThan(TOLERANCE);
    }
    expect(terminated, place).toBe(step.terminated);
    expect(observationError(step), place).toBeLessThan(1e-6);
  };

  /** The largest difference of what is observed, relative where it is above 1. */
  const observationError = ({ observation: expected }: Moment) => largest(observation, expected);

  it('in every step from a recorded state', () => {
    for (const [i, step] of steps.entries()) {
      begin(i === 0 ? start : steps[i - 1]);
      expectStep(step, `step ${i}`);
    }
  });

  it('from a start of which only positions and velocities are known', () => {
    const { memory: _, ...state } = stateAt(start, environment.getState());
    environment.setState(state);
    environment.observe(observation);
    expect(observationError(start)).toBeLessThan(1e-6);
    expectStep(steps[0], 'step 0');
  });

  it('observes exactly what was recorded, in single precision', () => {
    for (const step of steps) {
      begin(step);
      environment.observe(observation);
      expect(largest(observation, Float32Array.from(step.observation))).toBeLessThan(1.2e-7);
    }
  });

  it('tells from observations alone which transitions end an episode', () => {
    const columns = (rows: readonly number[][]) => Float32Array.from(rows.flat());
    const ends = environmentEntry(envId).terminated?.(
      columns([start, ...steps.slice(0, -1)].map(({ observation: seen }) => seen)),
      columns(steps.map(({ action }) => action)),
      columns(steps.map(({ observation: seen }) => seen)),
    );
    expect([...ends!]).toEqual(steps.map(({ terminated }) => Number(terminated)));
  });

  it('begins episodes like those of many resets', () => {
    const states = Array.from({ length: RESETS }, (_, seed) => {
      environment.reset(seed, observation);
      return Object.values(environment.getState().articulations)[0];
    });
    for (const [i, std] of resets.std.entries()) {
      const values = states.map((state) => state[i]);
      const mean = values.reduce((sum, value) => sum + value, 0) / RESETS;
      const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / RESETS);
      expect(Math.abs(mean - resets.mean[i])).toBeLessThan(0.15 * std);
      expect(Math.abs(deviation - std)).toBeLessThan(0.08 * std);
      // Tails of a normal distribution are 2.6 deviations out, those of an even one 1.7.
      values.sort((a, b) => a - b);
      expect(Math.abs(values[0.005 * RESETS] - resets.low[i])).toBeLessThan(0.45 * std);
      expect(Math.abs(values[0.995 * RESETS] - resets.high[i])).toBeLessThan(0.45 * std);
    }
  });
});

/** The largest difference between numbers of two states, relative where they are above 1. */
function difference(one: EnvironmentState, other: EnvironmentState): number {
  const numbers = ({ articulations, memory }: EnvironmentState) =>
    [...Object.values(articulations), ...Object.values(memory ?? {})].flatMap((row) => [...row]);
  return largest(numbers(one), numbers(other));
}

function largest(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  return Math.max(
    ...Array.from(found, (value, i) => Math.abs(value - expected[i]) / Math.max(1, Math.abs(expected[i]))),
  );
}
