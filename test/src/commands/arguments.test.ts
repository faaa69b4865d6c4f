import { homedir } from 'node:os';
import { join } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { describe, expect, it } from 'vitest';
import {
  integerBetween,
  naturalNumber,
  noise,
  path,
  positiveInteger,
  seed,
  share,
} from '../../../src/commands/arguments.js';
import { UserError } from '../../../src/errors.js';

describe('the number of a flag', () => {
  it('is written as in key=value', () => {
    expect(positiveInteger('1_000')).toBe(1000);
    expect(positiveInteger('1e3')).toBe(1000);
    expect(share('.5')).toBe(0.5);
    expect(noise('0')).toBe(0);
    expect(naturalNumber('0')).toBe(0);
    expect(seed('4294967295')).toBe(2 ** 32 - 1);
  });

  it.each(['0x10', ' 5', '', 'Infinity', 'NaN', '1e999', '1.5', '-1', '9007199254740993'])(
    'is not %j',
    (text) => {
      for (const parse of [positiveInteger, naturalNumber, seed, integerBetween(1, 100)]) {
        expect(() => parse(text)).toThrow(InvalidArgumentError);
      }
    },
  );

  it('is told its range', () => {
    expect(() => seed('4294967296')).toThrow('a whole number from 0 to 4294967295');
    expect(() => integerBetween(1, 100)('101')).toThrow('a whole number from 1 to 100');
  });
});

describe('the path of a flag', () => {
  it('begins with ~ for the home folder', () => {
    expect(path('~/a b')).toBe(join(homedir(), 'a b'));
    expect(path('a/~')).toBe('a/~');
  });

  it("is not empty, and not in another user's home", () => {
    expect(() => path('')).toThrow(InvalidArgumentError);
    expect(() => path('~ann/a')).toThrow(UserError);
  });
});
