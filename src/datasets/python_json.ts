import JSON5 from 'json5';
import { UserError } from '../errors.js';

/** The value of a text that Python's json has written: JSON, with `Infinity` and `NaN`. Throws a UserError that tells the place. */
export function parsePythonJson(path: string, text: string): unknown {
  try {
    return JSON5.parse(text);
  } catch (error) {
    const problem = (error as Error).message.replace('JSON5: ', '');
    throw new UserError(`${path}: not valid JSON (${problem})`, { cause: error });
  }
}
