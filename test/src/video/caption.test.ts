import { createCanvas } from '@napi-rs/canvas';
import { describe, expect, it } from 'vitest';
import { drawCaption } from '../../../src/video/caption.js';
import type { ClipFrame } from '../../../src/video/clip.js';

const SIZE = 256;

const FRAME: ClipFrame = {
  state: { actors: {}, articulations: {} },
  step: 7,
  reward: 0.5,
  rewardTerms: { reaching: 0.91, grasping: 1, placing: 0.25, stopping: 0, success: 0 },
  success: false,
};

/** The pixels of a white picture with a caption, 64 pixels of margin to its right. */
function caption(title: string, frame: ClipFrame, size = SIZE): Picture {
  const canvas = createCanvas(size + 64, size);
  const context = canvas.getContext('2d');
  context.fillStyle = 'white';
  context.fillRect(0, 0, size + 64, size);
  drawCaption(context, size, title, frame);
  return new Picture(context.getImageData(0, 0, size + 64, size).data, size + 64, size);
}

class Picture {
  constructor(
    readonly data: Uint8ClampedArray,
    readonly width: number,
    readonly height: number,
  ) {}

  /** Rows that hold anything but white. */
  marked(fromX: number, toX: number): number[] {
    const rows: number[] = [];
    for (let y = 0; y < this.height; y++) {
      if (this.some(y, y + 1, fromX, toX, (r, g, b) => r + g + b < 765)) rows.push(y);
    }
    return rows;
  }

  isGreen(fromY: number, toY: number): boolean {
    return this.some(fromY, toY, 0, this.width, (r, g, b) => g > 200 && r < 130 && b < 170);
  }

  rows(from: number, to: number): Buffer {
    return Buffer.from(this.data.slice(4 * from * this.width, 4 * to * this.width));
  }

  private some(
    fromY: number,
    toY: number,
    fromX: number,
    toX: number,
    is: (r: number, g: number, b: number) => boolean,
  ): boolean {
    for (let y = fromY; y < toY; y++) {
      for (let x = fromX; x < toX; x++) {
        const at = 4 * (y * this.width + x);
        if (is(this.data[at], this.data[at + 1], this.data[at + 2])) return true;
      }
    }
    return false;
  }
}

describe('drawCaption', () => {
  it('leaves the middle of the picture free', () => {
    const marked = caption('episode 3', FRAME).marked(0, SIZE);
    expect(marked.filter((y) => y >= 16 && y < 212)).toEqual([]);
    expect(marked).toContain(0);
    expect(marked).toContain(SIZE - 1);
  });

  it('never writes past the picture', () => {
    const long = 'x'.repeat(200);
    const frame = { ...FRAME, step: 12345, rewardTerms: { [long]: -1234.567, reaching: 1 } };
    for (const size of [128, SIZE, 512]) {
      expect(caption(long, frame, size).marked(size, size + 64)).toEqual([]);
    }
  });

  it('shows success in green', () => {
    expect(caption('episode 3', FRAME).isGreen(0, SIZE)).toBe(false);
    expect(caption('episode 3', { ...FRAME, success: true }).isGreen(0, 16)).toBe(true);
  });

  it('says nothing of success in tasks that have none', () => {
    const right = (picture: ReturnType<typeof caption>) => picture.rows(0, 16);
    const silent = caption('episode 3', { ...FRAME, success: null });
    expect(right(silent)).not.toEqual(right(caption('episode 3', FRAME)));
    expect(silent.isGreen(0, SIZE)).toBe(false);
  });

  it('shows title and step above, reward and its terms below', () => {
    const picture = caption('episode 3', FRAME);
    const top = picture.rows(0, 16);
    const bottom = picture.rows(200, SIZE);
    const step = caption('episode 3', { ...FRAME, step: 8 });
    const title = caption('episode 4', FRAME);
    const reward = caption('episode 3', { ...FRAME, reward: 0.75 });
    const term = caption('episode 3', { ...FRAME, rewardTerms: { ...FRAME.rewardTerms, placing: 0.26 } });
    expect(
      [step, title, reward, term].map((each) => [
        Buffer.compare(each.rows(0, 16), top) !== 0,
        Buffer.compare(each.rows(200, SIZE), bottom) !== 0,
      ]),
    ).toEqual([
      [true, false],
      [true, false],
      [false, true],
      [false, true],
    ]);
  });

  it('says nothing of rewards that are not known', () => {
    const marked = caption('episode 3', { ...FRAME, reward: null, rewardTerms: {} }).marked(0, SIZE);
    expect(Math.max(...marked)).toBeLessThan(16);
  });
});
