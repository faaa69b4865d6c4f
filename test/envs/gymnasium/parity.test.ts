import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Environment, EnvironmentState } from '../../../envs/env.js';
import { environmentEntry, makeEnvironment } from '../../../envs/registry.js';
import { type Moment, RECORDED, type RecordedStep, readRecording, stateAt } from './recording.js';

/** Largest difference of any number after one step from a recorded state. */
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
    expect([...observation], place).toEqual(step.observation.map((value) => expect.closeTo(value, 6)));
  };

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
    expect([...observation]).toEqual(start.observation.map((value) => expect.closeTo(value, 6)));
    expectStep(steps[0], 'step 0');
  });

  it('observes exactly what was recorded, in single precision', () => {
    for (const step of steps) {
      begin(step);
      environment.observe(observation);
      const expected = Float32Array.from(step.observation);
      for (const [i, value] of observation.entries()) {
        expect(Math.abs(value - expected[i])).toBeLessThanOrEqual(1e-7 * Math.abs(expected[i]));
      }
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
      // A normal distribution of 2,000 reaches to about 3.5 deviations, an even one to 1.7.
      expect(Math.abs(Math.max(...values) - resets.max[i])).toBeLessThan(1.2 * std);
      expect(Math.abs(Math.min(...values) - resets.min[i])).toBeLessThan(1.2 * std);
    }
  });
});

/** The largest difference between numbers of two states. */
function difference(one: EnvironmentState, other: EnvironmentState): number {
  const numbers = ({ articulations, memory }: EnvironmentState) =>
    [...Object.values(articulations), ...Object.values(memory ?? {})].flatMap((row) => [...row]);
  const expected = numbers(other);
  return Math.max(...numbers(one).map((value, i) => Math.abs(value - expected[i])));
}
