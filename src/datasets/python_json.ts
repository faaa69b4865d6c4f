import JSON5 from 'json5';
import { parseJsonText } from './checked_json.js';

/** The value of a text that Python's json has written: JSON, with `Infinity` and `NaN`. Throws a UserError that tells the place. */
export function parsePythonJson(path: string, text: string): unknown {
  return parseJsonText(path, text, JSON5.parse);
}
