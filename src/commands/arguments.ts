import { extname } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { readNumber } from '../config/read_number.js';
import { isRunName, RUN_NAME_RULE } from '../config/run_name.js';
import { expandHome } from '../files/paths.js';

/** A path, in which `~` is the home folder. */
export function path(text: string): string {
  if (text === '') throw new InvalidArgumentError('Expected a path.');
  return expandHome(text);
}

/** A path of a picture to draw. */
export function picturePath(text: string): string {
  if (['.svg', '.png'].includes(extname(text))) return expandHome(text);
  throw new InvalidArgumentError('Expected a name that ends in .svg or .png.');
}

/** Name of a folder of runs, inside the folder of all runs. */
export function folderName(text: string): string {
  if (isRunName(text)) return text;
  throw new InvalidArgumentError(`Expected a folder name of ${RUN_NAME_RULE}.`);
}

/** Seed of random numbers, which are drawn from 32 bits. */
export function seed(text: string): number {
  return parseNumber(text, isBetween(0, 2 ** 32 - 1), `a whole number from 0 to ${2 ** 32 - 1}`);
}

export function positiveInteger(text: string): number {
  return parseNumber(text, isBetween(1, Infinity), 'a whole number from 1');
}

export function share(text: string): number {
  return parseNumber(text, (value) => value >= 0 && value <= 1, 'a number between 0 and 1');
}

export const speed = positiveShare;

/** A share that leaves something. */
export function positiveShare(text: string): number {
  return parseNumber(text, (value) => value > 0 && value <= 1, 'a number above 0 and up to 1');
}

export function naturalNumber(text: string): number {
  return parseNumber(text, isBetween(0, Infinity), 'a whole number from 0');
}

/** Deviation of noise on actions, which fill [-1, 1]. */
export function noise(text: string): number {
  return parseNumber(text, (value) => value >= 0 && value <= 10, 'a number between 0 and 10');
}

/** Number of worker threads. */
export const threadCount = integerBetween(1, 256);

/** Frames a second of a video. */
export const frameRate = integerBetween(1, 100);

/** Parser of a whole number from `low` to `high`. */
export function integerBetween(low: number, high: number): (text: string) => number {
  return (text) => parseNumber(text, isBetween(low, high), `a whole number from ${low} to ${high}`);
}

/** The value of flags that ManiSkill's tools take with or without one: `--record-rewards`, `--record-rewards True`. */
export function boolean(text: string): boolean {
  switch (text.toLowerCase()) {
    case 'true':
      return true;
    case 'false':
      return false;
    default:
      throw new InvalidArgumentError('Expected True or False.');
  }
}

function isBetween(low: number, high: number): (value: number) => boolean {
  return (value) => Number.isSafeInteger(value) && value >= low && value <= high;
}

function parseNumber(text: string, isRight: (value: number) => boolean, wanted: string): number {
  const value = readNumber(text);
  if (value === undefined || !isRight(value)) throw new InvalidArgumentError(`Expected ${wanted}.`);
  return value;
}
