import { UserError } from '../../errors.js';

/** Operators as they are written, longer ones first. */
const OPERATORS = [
  '==',
  '!=',
  '<=',
  '>=',
  '&&',
  '||',
  '<',
  '>',
  '+',
  '-',
  '*',
  '/',
  '%',
  '(',
  ')',
  '!',
] as const;

/** Words that are operators, some of which have signs too. */
const WORDS: Readonly<Record<string, Operator>> = { and: '&&', or: '||', not: '!', contains: 'contains' };

export type Operator = (typeof OPERATORS)[number] | 'contains';

/** A piece of a condition, and its place there. */
export type Token = { at: number } & (
  | { kind: 'value'; value: string | number | bigint | boolean | null }
  | { kind: 'field'; name: string }
  | { kind: 'operator'; operator: Operator }
  | { kind: 'end' }
);

const NUMBER = /(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/iy;
const WORD = /[\p{L}_][\p{L}\p{N}_]*/uy;
const BRACKETS = /\[([^[\]]+)\]/y;
const TEXT = /'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/sy;

/** The pieces of a condition. Throws a UserError that shows the place of what is none. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  for (;;) {
    at += take(/\s*/y)![0].length;
    if (at >= text.length) return [...tokens, { kind: 'end', at: text.length }];
    const [token, length] = tokenAt(text, at, take);
    tokens.push(token);
    at += length;
  }
}

function tokenAt(
  text: string,
  at: number,
  take: (pattern: RegExp) => RegExpExecArray | null,
): [token: Token, length: number] {
  const number = take(NUMBER);
  if (number) return [{ kind: 'value', value: numberOf(number[0]), at }, number[0].length];
  const brackets = take(BRACKETS);
  if (brackets) return [{ kind: 'field', name: brackets[1].trim(), at }, brackets[0].length];
  const quoted = take(TEXT);
  if (quoted) {
    const value = (quoted[1] ?? quoted[2]).replaceAll(/\\(.)/gs, '$1');
    return [{ kind: 'value', value, at }, quoted[0].length];
  }
  const word = take(WORD)?.[0];
  if (word !== undefined) return [wordToken(word, at), word.length];
  const operator = OPERATORS.find((known) => text.startsWith(known, at));
  if (operator) return [{ kind: 'operator', operator, at }, operator.length];
  switch (text[at]) {
    case '=':
      throw placed(text, at, 'to compare, write == ');
    case "'":
    case '"':
      throw placed(text, at, 'this text has no end');
    case '[':
      throw placed(text, at, 'this name has no end');
    default:
      throw placed(text, at, `"${text[at]}" means nothing here`);
  }
}

function wordToken(word: string, at: number): Token {
  switch (word) {
    case 'true':
    case 'false':
      return { kind: 'value', value: word === 'true', at };
    case 'null':
      return { kind: 'value', value: null, at };
    default: {
      const operator = Object.hasOwn(WORDS, word) ? WORDS[word] : null;
      return operator ? { kind: 'operator', operator, at } : { kind: 'field', name: word, at };
    }
  }
}

/** A number; a whole one beyond those that floating point has exactly as a bigint, as seeds may be. */
function numberOf(text: string): number | bigint {
  const value = Number(text);
  return /^\d+$/.test(text) && !Number.isSafeInteger(value) ? BigInt(text) : value;
}

/** A problem with a condition, with the condition and a mark below its place. */
export function placed(text: string, at: number, problem: string): UserError {
  // A mark can't be set below a line that is one of several.
  const line = text.replaceAll(/\s/g, ' ');
  return new UserError(`${problem.trim()}:\n  ${line}\n  ${' '.repeat(at)}^`);
}
