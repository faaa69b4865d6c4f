import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createCanvas, GifEncoder, loadImage } from '@napi-rs/canvas';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Video } from '../../../src/video/clip.js';
import { renderVideo } from '../../../src/video/render_video.js';
import { writeVideo } from '../../../src/video/write_video.js';
import { folderOfTests } from '../../temporary_folder.js';
import { randomEpisodes } from './episodes.js';
import { colourAt, decodeMp4, readMp4 } from './mp4_reader.js';

const TILE = 64;
const folder = folderOfTests();

let video: Video;
/** The frames as drawn: RGBA [2 × TILE, 2 × TILE, 4] each. */
const drawn: Uint8ClampedArray[] = [];
beforeAll(async () => {
  ({ video } = await randomEpisodes([5, 2, 3], TILE));
  for await (const frame of renderVideo(video).frames) drawn.push(frame);
});

async function pixelsOf(path: string): Promise<Uint8ClampedArray> {
  const image = await loadImage(path);
  const context = createCanvas(image.width, image.height).getContext('2d');
  context.drawImage(image, 0, 0);
  return context.getImageData(0, 0, image.width, image.height).data;
}

/** The pixels of a tile. */
function tileOf(frame: Uint8ClampedArray, column: number, row: number): Uint8ClampedArray {
  const rows = Array.from({ length: TILE }, (_, y) => {
    const start = 4 * ((row * TILE + y) * 2 * TILE + column * TILE);
    return [...frame.subarray(start, start + 4 * TILE)];
  });
  return Uint8ClampedArray.from(rows.flat());
}

const brightness = (pixels: Uint8ClampedArray) =>
  pixels.reduce((sum, value) => sum + value, 0) / pixels.length;

function rootMeanSquare(differences: readonly number[]): number {
  return Math.sqrt(differences.reduce((sum, value) => sum + value * value, 0) / differences.length);
}

describe('renderVideo', () => {
  it('has as many frames as the longest clip', () => {
    expect(drawn.length).toBe(6);
    expect(drawn[0].length).toBe(4 * (2 * TILE) ** 2);
  });

  it('shows each clip in its tile, different at every step', () => {
    for (let frame = 1; frame < 6; frame++) {
      expect(tileOf(drawn[frame], 0, 0)).not.toEqual(tileOf(drawn[frame - 1], 0, 0));
    }
    expect(tileOf(drawn[0], 0, 0)).not.toEqual(tileOf(drawn[0], 1, 0));
  });

  it('keeps the last frame of a clip that is over, darker', () => {
    const [last, after, later] = [2, 3, 5].map((frame) => tileOf(drawn[frame], 1, 0));
    expect(brightness(after)).toBeLessThan(0.9 * brightness(last));
    expect(later).toEqual(after);
  });

  it('leaves tiles without a clip empty', () => {
    const colours = tileOf(drawn[5], 1, 1);
    expect(new Set(colours).size).toBeLessThanOrEqual(4);
  });

  it('refuses a video of nothing', () => {
    expect(() => renderVideo({ ...video, clips: [] })).toThrow('at least one clip');
    expect(() => renderVideo({ ...video, clips: [{ title: '', frames: [] }] })).toThrow('at least one frame');
  });
});

describe('writeVideo', () => {
  it('writes MP4 with the colours that were drawn', async () => {
    const path = join(folder, 'video.mp4');
    const seen: number[] = [];
    await writeVideo(path, video, { onFrame: (count) => seen.push(count) });
    expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
    const file = await readFile(path);
    expect(readMp4(file)).toMatchObject({ width: 2 * TILE, height: 2 * TILE });
    const pictures = await decodeMp4(file);
    expect(pictures.length).toBe(6);
    const size = 2 * TILE;
    pictures.forEach((planes, i) => {
      const differences: number[] = [];
      for (let y = 0; y < size; y++) {
        for (let x = 0; x < size; x++) {
          colourAt(planes, size, size, x, y).forEach((value, channel) => {
            differences.push(value - drawn[i][4 * (y * size + x) + channel]);
          });
        }
      }
      // Thin coloured lines lose colour to 4:2:0; what is flat is within a few levels.
      expect(rootMeanSquare(differences), `frame ${i}`).toBeLessThan(8);
      expect(Math.abs(differences.reduce((sum, value) => sum + value) / differences.length)).toBeLessThan(1);
    });
  });

  it('writes GIF with every frame and its duration', async () => {
    const path = join(folder, 'video.gif');
    await writeVideo(path, video);
    const file = await readFile(path);
    const delays: number[] = [];
    for (
      let at = file.indexOf('21f904', 'hex');
      at >= 0;
      at = file.indexOf(Buffer.from('21f904', 'hex'), at + 1)
    ) {
      delays.push(file.readUInt16LE(at + 4));
    }
    expect(delays).toEqual([5, 5, 5, 5, 5, 5]);
    const encoder = new GifEncoder(2 * TILE, 2 * TILE, { quality: 1 });
    for (const frame of drawn) encoder.addFrame(Buffer.from(frame), 2 * TILE, 2 * TILE, { delay: 50 });
    expect(file.equals(encoder.finish()), 'the same as the encoder makes of all frames').toBe(true);
    const first = await pixelsOf(path);
    expect(rootMeanSquare([...first].map((value, i) => value - drawn[0][i]))).toBeLessThan(4);
  });

  it('writes the last frames as PNG, pixel for pixel', async () => {
    const path = join(folder, 'video.PNG');
    await writeVideo(path, { ...video, clips: video.clips.slice(0, 1) });
    const tile = await pixelsOf(path);
    expect(tile).toEqual(tileOf(drawn[5], 0, 0));
  });

  it.each([
    ['video.avi', /video\.avi: a video ends in \.mp4, \.gif, \.png/],
    ['video', /a video ends in/],
    [join('none', 'video.png'), /can't write .*video\.png: its folder does not exist/],
  ])('refuses %s', async (name, message) => {
    await expect(writeVideo(join(folder, name), video)).rejects.toThrow(message);
  });

  it.each(['mp4', 'gif'])('leaves no file when it is interrupted in a %s', async (ending) => {
    const path = join(folder, `interrupted.${ending}`);
    let frames = 0;
    const onFrame = () => {
      frames++;
    };
    const signal = {
      get aborted() {
        return frames === 2;
      },
    };
    await expect(writeVideo(path, video, { onFrame, signal })).rejects.toThrow(
      `interrupted.${ending} was not written`,
    );
    expect(frames).toBe(2);
    expect((await readdir(folder)).filter((name) => name.includes('interrupted'))).toEqual([]);
  });
});
