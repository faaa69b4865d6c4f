import JSON5 from 'json5';
import { parseJsonText } from './checked_json.js';

/** The value of a text that Python's json has written: JSON, with `Infinity` and `NaN`. Throws a UserError that tells the place. */
export function parsePythonJson(path: string, text: string): unknown {
  return parseJsonText(path, text, JSON5.parse);
}

/** The same, with whole numbers of 16 digits and more, which JavaScript's numbers don't hold exactly, as texts. */
export function parseExactPythonJson(path: string, text: string): unknown {
  return parsePythonJson(
    path,
    text.replaceAll(TEXT_OR_LARGE_INTEGER, (found) => (found.startsWith('"') ? found : `"${found}"`)),
  );
}

const TEXT_OR_LARGE_INTEGER = /"(?:[^"\\]|\\.)*"|(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g;
