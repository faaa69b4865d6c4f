import { parse } from 'yaml';
import { readNumber } from './read_number.js';
import { elementSchema, type Kind, keysOf, kindOf, type Schema } from './schema_tree.js';
import { parseYaml, Words } from './yaml.js';

/** Spellings of null: Python's, which the reference's configs use (`dataset_path: None`), and YAML's. */
const NULL_WORDS = ['None', 'null', 'Null', 'NULL', '~'];
const IN_SINGLE_QUOTES = /^'(?:[^']|'')*'$/;
const IN_DOUBLE_QUOTES = /^"(?:[^"\\]|\\.)*"$/s;

/**
 * The value in the text after `key=`, read by the schema of the key. Text is kept as it stands, whatever YAML would
 * make of it, but for a pair of quotes around all of it; keys inside a key are read as YAML. Values that can't be read
 * stay text, for the schema to refuse. `source` names it in the UserError about wrong YAML.
 */
export function readText(schema: Schema | undefined, text: string, source: string): unknown {
  const words = unquoted(text);
  switch (kindOf(schema)) {
    case 'list':
    case 'path or list':
      return readList(schema, words);
    case 'keys':
      return readTree(schema, parseYaml(text, source));
    default:
      return readWords(schema, words);
  }
}

/** Reads all `Words` in what `parseYaml` gives, each by the schema of its key. */
export function readTree(schema: Schema | undefined, tree: unknown): unknown {
  if (tree instanceof Words) return readWords(schema, tree);
  if (Array.isArray(tree)) return tree.map((item) => readTree(elementSchema(schema), item));
  if (typeof tree !== 'object' || tree === null) return tree;
  const keys = keysOf(schema) ?? {};
  const inner = (key: string) => (Object.hasOwn(keys, key) ? keys[key] : undefined);
  return Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, readTree(inner(key), value)]));
}

/** The text after `key=` that is read as `value`, in Python's spelling. */
export function writeText(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (value === null) return 'None';
  if (typeof value !== 'string') return JSON.stringify(value);
  return unquoted(value).isQuoted || NULL_WORDS.includes(value) ? JSON.stringify(value) : value;
}

/** Splits at the commas that are in no brackets and in no value in quotes. */
export function splitAtCommas(text: string): string[] {
  const parts = [''];
  let depth = 0;
  let quote = '';
  for (const char of text) {
    const last = parts.length - 1;
    if (quote !== '') quote = char === quote ? '' : quote;
    else if ((char === '"' || char === "'") && /(^|[[{,])\s*$/.test(parts[last])) quote = char;
    else if (char === '[' || char === '{') depth++;
    else if (char === ']' || char === '}') depth--;
    if (char === ',' && depth === 0 && quote === '') parts.push('');
    else parts[last] += char;
  }
  return parts.map((part) => part.trim());
}

function readWords(schema: Schema | undefined, { text, isQuoted }: Words): unknown {
  const kind = kindOf(schema);
  if (!isQuoted && isNull(text, kind)) return null;
  switch (kind) {
    case 'number':
      return readNumber(text) ?? text;
    case 'boolean':
      return readBoolean(text) ?? text;
    case 'text':
    case 'path':
    case 'path or list':
    case 'list':
    case 'keys':
    case null:
      return text;
    default:
      return kind satisfies never;
  }
}

function isNull(text: string, kind: Kind): boolean {
  return NULL_WORDS.includes(text) && !(text === '~' && (kind === 'path' || kind === 'path or list'));
}

function readBoolean(text: string): boolean | undefined {
  if (/^(true|True|TRUE)$/.test(text)) return true;
  return /^(false|False|FALSE)$/.test(text) ? false : undefined;
}

/** The list in `[a, b]`; each item is read as if it stood alone. */
function readList(schema: Schema | undefined, words: Words): unknown {
  const inner = /^\[([\s\S]*)\]$/.exec(words.text)?.[1];
  if (inner === undefined) return readWords(schema, words);
  const items = splitAtCommas(inner);
  if (items.at(-1) === '') items.pop();
  return items.map((item) => readWords(elementSchema(schema), unquoted(item)));
}

/** Takes off quotes that were meant for YAML, as in `'42'`. Text that only begins and ends with quotes keeps them. */
function unquoted(text: string): Words {
  if (IN_SINGLE_QUOTES.test(text)) return new Words(text.slice(1, -1).replaceAll("''", "'"), true);
  if (!IN_DOUBLE_QUOTES.test(text)) return new Words(text, false);
  try {
    return new Words(parse(text), true);
  } catch {
    // Such as "C:\x": no escape of YAML.
    return new Words(text.slice(1, -1), true);
  }
}
