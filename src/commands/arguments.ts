import { InvalidArgumentError } from 'commander';

export function integer(text: string): number {
  return parseNumber(text, Number.isInteger, 'a whole number');
}

export function positiveInteger(text: string): number {
  return parseNumber(text, (value) => Number.isInteger(value) && value > 0, 'a whole number from 1');
}

export function nonNegative(text: string): number {
  return parseNumber(text, (value) => value >= 0 && Number.isFinite(value), 'a number from 0');
}

export function share(text: string): number {
  return parseNumber(text, (value) => value >= 0 && value <= 1, 'a number between 0 and 1');
}

export function speed(text: string): number {
  return parseNumber(text, (value) => value > 0 && value <= 1, 'a number above 0 and up to 1');
}

export function naturalNumber(text: string): number {
  return parseNumber(text, (value) => Number.isInteger(value) && value >= 0, 'a whole number from 0');
}

/** Of a value from `low` to `high`. */
export function integerBetween(low: number, high: number): (text: string) => number {
  const isRight = (value: number) => Number.isInteger(value) && value >= low && value <= high;
  return (text) => parseNumber(text, isRight, `a whole number from ${low} to ${high}`);
}

/** For flags that ManiSkill's tools take with or without a value: `--record-rewards`, `--record-rewards True`. */
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

function parseNumber(text: string, isRight: (value: number) => boolean, wanted: string): number {
  const value = Number(text);
  if (text.trim() === '' || !isRight(value)) throw new InvalidArgumentError(`Expected ${wanted}.`);
  return value;
}
