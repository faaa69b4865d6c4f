import { createRequire } from 'node:module';
import { GlobalFonts, type SKRSContext2D } from '@napi-rs/canvas';
import type { ClipFrame } from './clip.js';

const FONT = 'rlpd caption';
const FONT_FILE = '@fontsource/roboto-mono/files/roboto-mono-latin-500-normal.woff2';
/** Height of the font in pixels, for a picture of 256 × 256. */
const FONT_SIZE = 10;
/** The width of every letter of Roboto Mono, in font sizes. */
const LETTER_WIDTH = 0.6;
const LINE_HEIGHT = 1.25;
const MARGIN = 0.4;
const GAP_LETTERS = 1;

const BAND = 'rgba(16, 19, 24, 0.7)';
const BRIGHT = '#ffffff';
const PALE = '#c3ccd6';
const GREEN = '#5ff08a';

const SUCCESS = 'success';
const NO_SUCCESS = 'no success';

/**
 * Writes the caption over a picture of `size` × `size` pixels: title, step and success along the top, reward and reward
 * terms, in columns, along the bottom. Text that finds no room is cut.
 */
export function drawCaption(context: SKRSContext2D, size: number, title: string, frame: ClipFrame): void {
  loadFont();
  const sheet = new Sheet(context, size);
  const verdict = verdictOf(frame);
  const step = `, step ${frame.step}`;
  const room = sheet.lettersPerLine - step.length - verdict.length - GAP_LETTERS;
  sheet.band(0, 1);
  sheet.write(0, 0, `${shorten(title, room)}${step}`, BRIGHT);
  sheet.write(0, sheet.lettersPerLine - verdict.length, verdict, frame.success ? GREEN : PALE);

  const figures = Object.entries(frame.rewardTerms);
  if (frame.reward !== null) figures.unshift(['reward', frame.reward]);
  if (figures.length > 0) drawTable(sheet, figures);
}

function verdictOf({ success }: ClipFrame): string {
  if (success === null) return '';
  return success ? SUCCESS : NO_SUCCESS;
}

/** Names and numbers in columns, two or more, along the bottom. */
function drawTable(sheet: Sheet, figures: readonly (readonly [string, number])[]): void {
  const numbers = figures.map(([, value]) => value.toFixed(2));
  const numberLength = Math.max(...numbers.map((text) => text.length));
  const roomForName = Math.floor((sheet.lettersPerLine - GAP_LETTERS) / 2) - numberLength - 1;
  const names = figures.map(([name]) => shorten(name, roomForName));
  const cellLength = Math.max(...names.map((text) => text.length)) + 1 + numberLength;
  const columns = Math.floor((sheet.lettersPerLine + GAP_LETTERS) / (cellLength + GAP_LETTERS));
  const first = sheet.lines - Math.ceil(figures.length / columns);
  sheet.band(first, sheet.lines);
  names.forEach((name, i) => {
    const line = first + Math.floor(i / columns);
    const letter = (i % columns) * (cellLength + GAP_LETTERS);
    sheet.write(line, letter, name, PALE);
    sheet.write(line, letter + cellLength - numbers[i].length, numbers[i], BRIGHT);
  });
}

function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  return length > 0 ? `${text.slice(0, length - 1)}…` : '';
}

/** A picture as a sheet of lines and letters of equal width. */
class Sheet {
  readonly lettersPerLine: number;
  /** Whole lines that fit, counted from the top; the last ends at the lower edge. */
  readonly lines: number;
  private readonly fontSize: number;
  private readonly lineHeight: number;
  private readonly margin: number;

  constructor(
    private readonly context: SKRSContext2D,
    private readonly size: number,
  ) {
    // Larger pictures get larger letters, but also more of them.
    this.fontSize = Math.round(FONT_SIZE * Math.sqrt(size / 256));
    this.lineHeight = Math.round(LINE_HEIGHT * this.fontSize);
    this.margin = Math.round(MARGIN * this.fontSize);
    this.lettersPerLine = Math.floor((size - 2 * this.margin) / (LETTER_WIDTH * this.fontSize));
    this.lines = Math.floor(size / this.lineHeight);
    context.font = `${this.fontSize}px "${FONT}"`;
    context.textBaseline = 'middle';
  }

  /** Shades the lines from `first` up to `end`. */
  band(first: number, end: number): void {
    this.context.fillStyle = BAND;
    this.context.fillRect(0, this.top(first), this.size, this.top(end) - this.top(first));
  }

  write(line: number, letter: number, text: string, colour: string): void {
    this.context.fillStyle = colour;
    const x = this.margin + letter * LETTER_WIDTH * this.fontSize;
    this.context.fillText(text, x, this.top(line) + this.lineHeight / 2);
  }

  /** Lines of the lower half are counted from the lower edge, so that no strip is left below them. */
  private top(line: number): number {
    return line <= this.lines / 2
      ? line * this.lineHeight
      : this.size - (this.lines - line) * this.lineHeight;
  }
}

/** Registers the bundled font: with it, pictures are the same on every machine. */
function loadFont(): void {
  if (GlobalFonts.has(FONT)) return;
  const path = createRequire(import.meta.url).resolve(FONT_FILE);
  if (GlobalFonts.registerFromPath(path, FONT) === null) throw new Error(`can't load the font ${path}`);
}
