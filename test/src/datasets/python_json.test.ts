import { expect, test } from 'vitest';
import { parseExactPythonJson, parsePythonJson } from '../../../src/datasets/python_json.js';

test('numbers that are not finite are read', () => {
  expect(parsePythonJson('x.json', '{"low": [-Infinity, -1.5], "high": [Infinity, NaN]}')).toEqual({
    low: [-Infinity, -1.5],
    high: [Infinity, NaN],
  });
});

test('a text that is cut off is refused, with the place', () => {
  expect(() => parsePythonJson('x.json', '{"low": [1,\n 2')).toThrow(
    'x.json: not valid JSON (invalid end of input at 2:3)',
  );
});

test('integers that numbers do not hold exactly come as texts, whatever stands in texts', () => {
  const text =
    '{"seed": 18446744073709551615, "text": "at: 1234567890123456789, \\"x", "pi": 3.14159265358979323846, "n": [-7]}';
  expect(parseExactPythonJson('x.json', text)).toEqual({
    seed: '18446744073709551615',
    text: 'at: 1234567890123456789, "x',
    pi: Math.PI,
    n: [-7],
  });
});
