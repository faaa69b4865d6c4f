import { readNumber } from '../../src/config/read_number.js';
import { UserError } from '../../src/errors.js';

/** The value of the option `--name`. Throws a UserError unless it is a positive integer. */
export function positiveInteger(name: string, text: string): number {
  const value = readNumber(text);
  if (value === undefined || !Number.isInteger(value) || value < 1)
    throw new UserError(`--${name} must be a positive integer, not "${text}"`);
  return value;
}
