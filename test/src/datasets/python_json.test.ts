import { expect, test } from 'vitest';
import { parsePythonJson } from '../../../src/datasets/python_json.js';

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
