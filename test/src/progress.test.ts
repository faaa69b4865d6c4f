import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { startProgress } from '../../src/progress.js';

test('a log gets plain lines: the first, the last, no control characters', () => {
  const stream = new PassThrough();
  const progress = startProgress({
    label: 'Training',
    total: 2000,
    unit: 'steps',
    stream: stream as unknown as NodeJS.WriteStream,
  });
  for (let value = 0; value <= 2000; value += 100) progress.update(value, `return ${value / 1000}`);
  progress.stop();
  const lines = String(stream.read()).trim().split('\n');
  expect(lines.length).toBe(2);
  expect(lines[0]).toMatch(/^Training 0\/2,000 steps, /);
  expect(lines[1]).toMatch(/^Training 2,000\/2,000 steps, [\d,.]+\/s, in 0\.0 s, return 2$/);
});

test('time left follows from the rate since the start', async () => {
  const stream = new PassThrough();
  const progress = startProgress({
    label: 'Resumed',
    total: 1000,
    start: 900,
    unit: 'steps',
    stream: stream as unknown as NodeJS.WriteStream,
  });
  await new Promise((resolve) => setTimeout(resolve, 100));
  progress.update(950);
  progress.stop();
  const last = String(stream.read()).trim().split('\n').at(-1)!;
  const [, rate, left] = /950\/1,000 steps, ([\d,]+)\/s, ([\d.]+) s left/.exec(last)!;
  expect(Number(rate)).toBeLessThan(510);
  expect(Number(left)).toBeCloseTo(50 / Number(rate), 0);
});

test('bytes have their own units', () => {
  const stream = new PassThrough();
  const progress = startProgress({
    label: 'Download',
    total: 34_512_000,
    start: 12_300_000,
    unit: 'bytes',
    stream: stream as unknown as NodeJS.WriteStream,
  });
  progress.stop();
  expect(String(stream.read())).toMatch(/^Download 12\.3 MB\/34\.5 MB, 0 B\/s, - left$/m);
});
