import { type Operator, placed, type Token, tokensOf } from './tokens.js';

export type BinaryOperator = Exclude<Operator, '(' | ')' | '!'>;

/** A condition, or a part of it, at a place in its text. */
export type Node = { at: number } & (
  | { kind: 'value'; value: string | number | bigint | boolean | null }
  | { kind: 'field'; name: string }
  | { kind: 'not' | 'minus'; of: Node }
  | { kind: 'binary'; operator: BinaryOperator; left: Node; right: Node }
);

/** A condition on episodes, or a number of each, as a user writes it. */
export interface Expression {
  text: string;
  root: Node;
  /** The fields that it names, with their places in the text. */
  fields: ReadonlyMap<string, number>;
}

/** The strength by which operators bind; those of the same strength are taken from the left. */
const STRENGTH: Readonly<Record<BinaryOperator, number>> = {
  '||': 1,
  '&&': 2,
  '==': 4,
  '!=': 4,
  '<': 4,
  '<=': 4,
  '>': 4,
  '>=': 4,
  contains: 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
  '%': 6,
};
const NOT = 3;
const COMPARISON = 4;
const MINUS = 7;

/** Longer conditions than anyone writes could nest deeper than the stack. */
const MAX_LENGTH = 4000;

/** Reads a condition such as `return > 3 and not success`. Throws a UserError that shows the place of what is wrong. */
export function parseExpression(text: string): Expression {
  if (text.length > MAX_LENGTH) throw placed(text.slice(0, 60), 0, 'this condition is too long');
  const fields = new Map<string, number>();
  const root = new Parser(text, fields).whole();
  return { text, root, fields };
}

class Parser {
  private readonly tokens: Token[];
  /** Nodes in parentheses of their own. */
  private readonly grouped = new Set<Node>();
  private next = 0;

  constructor(
    private readonly text: string,
    private readonly fields: Map<string, number>,
  ) {
    this.tokens = tokensOf(text);
  }

  whole(): Node {
    const root = this.expression(0);
    const { at, kind } = this.token;
    if (kind !== 'end') throw placed(this.text, at, 'expected an operator such as and, ==, + or the end');
    return root;
  }

  private get token(): Token {
    return this.tokens[this.next];
  }

  /** An expression of operators that bind more strongly than `least`. */
  private expression(least: number): Node {
    let left = this.operand();
    for (;;) {
      const { token } = this;
      if (token.kind !== 'operator' || !isBinary(token.operator)) return left;
      const strength = STRENGTH[token.operator];
      if (strength <= least) return left;
      if (strength === COMPARISON && this.isComparison(left)) {
        throw placed(this.text, token.at, 'compare two at a time: 1 < length and length < 9');
      }
      this.next++;
      left = {
        kind: 'binary',
        operator: token.operator,
        left,
        right: this.expression(strength),
        at: token.at,
      };
    }
  }

  private operand(): Node {
    const { token } = this;
    this.next++;
    switch (token.kind) {
      case 'value':
        return token;
      case 'field':
        if (!this.fields.has(token.name)) this.fields.set(token.name, token.at);
        return token;
      case 'operator':
        if (token.operator === '(') return this.inParentheses(token.at);
        if (token.operator === '!') return { kind: 'not', of: this.expression(NOT), at: token.at };
        if (token.operator === '-') return { kind: 'minus', of: this.expression(MINUS), at: token.at };
    }
    throw placed(this.text, token.at, 'expected a field, a number, a text or (');
  }

  private inParentheses(at: number): Node {
    const inner = this.expression(0);
    const { token } = this;
    if (token.kind !== 'operator' || token.operator !== ')') {
      throw placed(this.text, at, 'expected a ) for this (');
    }
    this.next++;
    this.grouped.add(inner);
    return inner;
  }

  private isComparison(node: Node): boolean {
    return node.kind === 'binary' && STRENGTH[node.operator] === COMPARISON && !this.grouped.has(node);
  }
}

function isBinary(operator: Operator): operator is BinaryOperator {
  return Object.hasOwn(STRENGTH, operator);
}
