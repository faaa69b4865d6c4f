import { expect, test } from 'vitest';
import { encodeMp4 } from '../../../src/video/mp4.js';
import { COLOURS, colouredFrames } from './frames.js';
import { colourAt, decodeMp4, readMp4 } from './mp4_reader.js';

const FORMAT = { width: 98, height: 66, fps: 20 };

const listeners = () =>
  (['uncaughtException', 'unhandledRejection'] as const).map((event) => process.listenerCount(event));
const listenersBefore = listeners();
const file = await encodeMp4(colouredFrames(FORMAT, COLOURS), FORMAT);

test('an MP4 says what is in it, before the frames', () => {
  const track = readMp4(file);
  expect(track.order).toEqual(['ftyp', 'moov', 'mdat']);
  expect(track).toMatchObject({ width: 98, height: 66, colour: [1, 13, 6, 0] });
  expect(track.frames.length).toBe(COLOURS.length);
  expect(track.durationSeconds).toBeCloseTo(COLOURS.length / 20, 3);
});

test('decoded colours are those that were drawn', async () => {
  const pictures = await decodeMp4(file);
  expect(pictures.length).toBe(COLOURS.length);
  pictures.forEach((planes, i) => {
    // A decoder gives whole macroblocks, 16 pixels wide and high.
    const at = (x: number, y: number) => colourAt(planes, 112, 80, x, y);
    for (const [x, y] of [
      [90, 60],
      [4, 50],
      [60, 8],
    ]) {
      at(x, y).forEach((value, channel) => {
        expect(Math.abs(value - COLOURS[i][channel]), `frame ${i}, pixel ${x}, ${y}`).toBeLessThan(4);
      });
    }
    for (const value of at(2 * i + 8, 8)) expect(Math.abs(value)).toBeLessThan(6);
  });
});

test('the same frames give the same file', async () => {
  expect(await encodeMp4(colouredFrames(FORMAT, COLOURS), FORMAT)).toEqual(file);
});

test('pictures that are too large for the format are refused before they are drawn', async () => {
  const large = { width: 4096, height: 4096, fps: 20 };
  await expect(encodeMp4(colouredFrames(large, COLOURS), large)).rejects.toThrow(
    '4096 × 4096 pixels are too many for an .mp4 video: show fewer episodes, or smaller ones',
  );
});

test('frames that fail leave the encoder usable, and the process as it was', async () => {
  for (const good of [0, 3]) {
    const failing = async function* () {
      yield* colouredFrames(FORMAT, COLOURS.slice(0, good));
      throw new Error('no more paint');
    };
    await expect(encodeMp4(failing(), FORMAT)).rejects.toThrow('no more paint');
  }
  expect(await encodeMp4(colouredFrames(FORMAT, COLOURS), FORMAT)).toEqual(file);
  expect(listeners()).toEqual(listenersBefore);
});
