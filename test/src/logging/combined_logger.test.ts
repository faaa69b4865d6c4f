import { describe, expect, it } from 'vitest';
import { combineDestinations, dispensable } from '../../../src/logging/combined_logger.js';
import type { LogDestination } from '../../../src/logging/logger.js';

/** Keeps what was called; fails from the call number `failAt` on. */
function recorder(failAt = Number.POSITIVE_INFINITY): LogDestination & { calls: unknown[][] } {
  const calls: unknown[][] = [];
  const call = (...words: unknown[]) => {
    calls.push(words);
    if (calls.length >= failAt) throw new Error(`full after ${calls.length}`);
  };
  return {
    calls,
    log: (...args) => call('log', ...args),
    histogram: (...args) => call('histogram', ...args),
    video: (...args) => call('video', ...args),
    console: (...args) => call('console', ...args),
    flush: () => call('flush'),
    close: async (exitCode) => call('close', exitCode),
  };
}

async function useAll(logger: ReturnType<typeof combineDestinations>): Promise<void> {
  logger.log(1, { 'train/q': 2 });
  logger.histogram(1, 'histograms/q', [3]);
  logger.video(1, 'eval/video', { path: 'a.mp4' });
  logger.console('hello');
  logger.flush();
  await logger.close(130);
}

const EVERYTHING = [
  ['log', 1, { 'train/q': 2 }],
  ['histogram', 1, 'histograms/q', [3]],
  ['video', 1, 'eval/video', { path: 'a.mp4' }],
  ['console', 'hello'],
  ['flush'],
  ['close', 130],
];

describe('combined destinations', () => {
  it('get everything, each what it can show', async () => {
    const [one, other] = [recorder(), recorder()];
    const numbers: LogDestination = { log: one.log, close: one.close };
    const warnings: string[] = [];
    const guarded = dispensable(
      'Other',
      () => other,
      (text) => warnings.push(text),
    );
    await useAll(combineDestinations([numbers, guarded]));
    expect(one.calls).toEqual([EVERYTHING[0], EVERYTHING[5]]);
    expect(other.calls).toEqual(EVERYTHING);
    expect(warnings).toEqual([]);
  });

  it('stop the run if one fails that is not dispensable', () => {
    const logger = combineDestinations([recorder(2)]);
    logger.log(1, {});
    expect(() => logger.log(2, {})).toThrow('full after 2');
  });
});

describe('a dispensable destination', () => {
  it.each([1, 2, 3, 4, 5, 6])('that fails at call %i is given up with one warning', async (failAt) => {
    const [failing, other] = [recorder(failAt), recorder()];
    const warnings: string[] = [];
    // As on the console, a warning is itself logged.
    const warn = (text: string) => {
      warnings.push(text);
      logger.console('warned');
    };
    const logger = combineDestinations([dispensable('TensorBoard', () => failing, warn), other]);
    await useAll(logger);
    expect(failing.calls).toEqual(EVERYTHING.slice(0, failAt));
    expect(warnings).toEqual([
      `TensorBoard gets no more logs of this run, which goes on: full after ${failAt}`,
    ]);
    expect(other.calls.filter(([name]) => name !== 'console')).toEqual(
      EVERYTHING.filter(([name]) => name !== 'console'),
    );
  });

  it('that can not be opened is told', async () => {
    const warnings: string[] = [];
    const open = () => {
      throw new Error('no such folder');
    };
    await useAll(combineDestinations([dispensable('TensorBoard', open, (text) => warnings.push(text))]));
    expect(warnings).toEqual(['TensorBoard gets no more logs of this run, which goes on: no such folder']);
  });

  it('hears nothing after it was closed', async () => {
    const destination = recorder();
    const logger = dispensable(
      'TensorBoard',
      () => destination,
      () => {},
    );
    await logger.close(0);
    logger.log(2, {});
    expect(destination.calls).toEqual([['close', 0]]);
  });
});
