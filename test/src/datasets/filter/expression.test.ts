import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../../src/datasets/filter/evaluate.js';
import { parseExpression } from '../../../../src/datasets/filter/expression.js';
import type { MetadataValue } from '../../../../src/datasets/metadata.js';

const FIELDS: Record<string, MetadataValue> = {
  return: 2.5,
  length: 50,
  success: true,
  unknown: null,
  seed: 18446744073709551615n,
  task: "lift the 'red' cube",
  'options/low': -0.5,
  list: [1, 2],
};
const value = (text: string) => evaluate(parseExpression(text), (name) => FIELDS[name] ?? null);

it.each<[string, MetadataValue]>([
  ['return > 2 and length <= 50', true],
  ['return > 2 && !(length <= 50)', false],
  ['not success or return == 2.5', true],
  ['not return == 2.5', false],
  ['1 + 2 * 3 - 4 / 2 % 3', 5],
  ['-(1 + 2) * -2', 6],
  ['10 - 3 - 2', 5],
  ['(1 < 2) == true', true],
  ['success == 1', true],
  ['seed == 18446744073709551615', true],
  ['seed == 18446744073709551614', false],
  ['seed % 10', 5n],
  ['seed > 5', true],
  ['task contains "cube"', true],
  ["task == 'lift the \\'red\\' cube'", true],
  ['[options/low] < 0', true],
  ['[ return ] / length', 0.05],
  ['list == list', true],
])('%s', (text, expected) => {
  expect(value(text)).toEqual(expected);
});

it.each<[string, MetadataValue]>([
  ['unknown > 3', null],
  ['not unknown', null],
  ['-unknown + 1', null],
  ['unknown == 3', null],
  ['unknown == null', true],
  ['success != null', true],
  ['unknown and false', false],
  ['unknown or true', true],
  ['unknown and true', null],
  ['unknown or false', null],
])('what is not known: %s', (text, expected) => {
  expect(value(text)).toBe(expected);
});

describe('a mark below the place of what is wrong', () => {
  it.each<[string, string, number]>([
    ['return >', 'expected a field, a number, a text or (', 8],
    ['return = 3', 'to compare, write ==', 7],
    ['return > 3 length', 'expected an operator', 11],
    ['(return > 3', 'expected a ) for this (', 0],
    ["task == 'lift", 'this text has no end', 8],
    ['[options/low > 3', 'this name has no end', 0],
    ['return > 3; process', '";" means nothing here', 10],
    ['1 < length < 9', 'compare two at a time', 11],
    ['length.constructor', '"." means nothing here', 6],
    ['task > 3', 'there is no order between a text and the number 3', 5],
    ['task == 3', "these can't be the same: a text and the number 3", 5],
    ['task and success', 'expected true or false, and this is a text', 0],
    ['list + 1', 'expected a number, and this is a list', 0],
    ['length contains 5', 'contains is for texts, and these are the number 50 and the number 5', 7],
  ])('%s', (text, problem, at) => {
    expect(() => value(text)).toThrow(problem);
    expect(() => value(text)).toThrow(`:\n  ${text}\n  ${' '.repeat(at)}^`);
  });
});

it('words of the language that programs are written in are fields like others', () => {
  const seen: string[] = [];
  evaluate(parseExpression('constructor == null and __proto__ == null and toString == null'), (name) => {
    seen.push(name);
    return null;
  });
  expect(seen).toEqual(['constructor', '__proto__', 'toString']);
});

it('what nests too deeply is refused, and what is as deep as it may be is read', () => {
  expect(() => parseExpression('('.repeat(5000))).toThrow('this condition is too long');
  expect(value(`${'('.repeat(1900)}1${')'.repeat(1900)}`)).toBe(1);
});
