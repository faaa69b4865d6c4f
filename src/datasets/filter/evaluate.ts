import { isSameValue, type MetadataValue } from '../metadata.js';
import type { BinaryOperator, Expression, Node } from './expression.js';
import { placed } from './tokens.js';

/**
 * The value of an expression by the values of its fields, null being one that is not known. What depends on it is not known either,
 * but for `x == null`, `false and x`, `true or x`. Throws a UserError that shows the place where values don't fit an operator.
 */
export function evaluate(
  { text, root }: Expression,
  fieldOf: (name: string) => MetadataValue,
): MetadataValue {
  return new Evaluation(text, fieldOf).of(root);
}

class Evaluation {
  constructor(
    private readonly text: string,
    private readonly fieldOf: (name: string) => MetadataValue,
  ) {}

  of(node: Node): MetadataValue {
    switch (node.kind) {
      case 'value':
        return node.value;
      case 'field':
        return this.fieldOf(node.name);
      case 'not': {
        const value = this.truth(node.of);
        return value === null ? null : !value;
      }
      case 'minus': {
        const value = this.number(node.of);
        return value === null ? null : -value;
      }
      case 'binary':
        return this.binary(node.operator, node.left, node.right, node.at);
    }
  }

  /** True, false or null. */
  truth(node: Node): boolean | null {
    const value = this.of(node);
    if (value === null || typeof value === 'boolean') return value;
    throw placed(this.text, node.at, `expected true or false, and this is ${kindOf(value)}`);
  }

  private number(node: Node): number | bigint | null {
    const value = this.of(node);
    if (value === null || typeof value === 'number' || typeof value === 'bigint') return value;
    if (typeof value === 'boolean') return Number(value);
    throw placed(this.text, node.at, `expected a number, and this is ${kindOf(value)}`);
  }

  private binary(operator: BinaryOperator, left: Node, right: Node, at: number): MetadataValue {
    switch (operator) {
      case '&&':
        return this.junction(left, right, false);
      case '||':
        return this.junction(left, right, true);
      case '==':
        return this.equality(left, right, at);
      case '!=': {
        const same = this.equality(left, right, at);
        return same === null ? null : !same;
      }
      case '<':
      case '<=':
      case '>':
      case '>=':
        return this.order(operator, left, right, at);
      case 'contains': {
        const [whole, part] = [this.of(left), this.of(right)];
        if (whole === null || part === null) return null;
        if (typeof whole === 'string' && typeof part === 'string') return whole.includes(part);
        throw placed(
          this.text,
          at,
          `contains is for texts, and these are ${kindOf(whole)} and ${kindOf(part)}`,
        );
      }
      case '+':
      case '-':
      case '*':
      case '/':
      case '%': {
        const [a, b] = [this.number(left), this.number(right)];
        return a === null || b === null ? null : arithmetic(operator, a, b);
      }
    }
  }

  /** `and`, which one false decides, or `or`, which one true decides. */
  private junction(left: Node, right: Node, decider: boolean): boolean | null {
    const a = this.truth(left);
    if (a === decider) return decider;
    const b = this.truth(right);
    if (b === decider) return decider;
    return a === null || b === null ? null : !decider;
  }

  private equality(left: Node, right: Node, at: number): boolean | null {
    const [a, b] = [this.of(left), this.of(right)];
    if (isNull(left) || isNull(right)) return a === b;
    if (a === null || b === null) return null;
    if (typeof a === 'object' && typeof b === 'object') return isSameValue(a, b);
    const [x, y] = [comparable(a), comparable(b)];
    // biome-ignore lint/suspicious/noDoubleEquals: numbers and bigints of the same value are the same
    if (typeof x !== 'object' && typeof y !== 'object' && isText(x) === isText(y)) return x == y;
    throw placed(this.text, at, `these can't be the same: ${kindOf(a)} and ${kindOf(b)}`);
  }

  private order(operator: '<' | '<=' | '>' | '>=', left: Node, right: Node, at: number): boolean | null {
    const [a, b] = [this.of(left), this.of(right)];
    if (a === null || b === null) return null;
    const [x, y] = [comparable(a), comparable(b)];
    if (typeof x === 'object' || typeof y === 'object' || isText(x) !== isText(y)) {
      throw placed(this.text, at, `there is no order between ${kindOf(a)} and ${kindOf(b)}`);
    }
    switch (operator) {
      case '<':
        return x < y;
      case '<=':
        return x <= y;
      case '>':
        return x > y;
      case '>=':
        return x >= y;
    }
  }
}

function isNull(node: Node): boolean {
  return node.kind === 'value' && node.value === null;
}

/** True and false as 1 and 0. */
function comparable(value: NonNullable<MetadataValue>): string | number | bigint | object {
  return typeof value === 'boolean' ? Number(value) : value;
}

function isText(value: string | number | bigint): value is string {
  return typeof value === 'string';
}

function kindOf(value: MetadataValue): string {
  if (typeof value === 'string') return 'a text';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number' || typeof value === 'bigint') return `the number ${value}`;
  return Array.isArray(value) ? 'a list' : 'an object';
}

/** Whole numbers of 64 bits stay exact but in a division. */
function arithmetic(
  operator: '+' | '-' | '*' | '/' | '%',
  a: number | bigint,
  b: number | bigint,
): number | bigint {
  const isLarge = typeof a === 'bigint' || typeof b === 'bigint';
  const isExact =
    isLarge && isWhole(a) && isWhole(b) && operator !== '/' && !(operator === '%' && Number(b) === 0);
  if (isExact) {
    const [x, y] = [BigInt(a), BigInt(b)];
    switch (operator) {
      case '+':
        return x + y;
      case '-':
        return x - y;
      case '*':
        return x * y;
      case '%':
        return x % y;
    }
  }
  const [x, y] = [Number(a), Number(b)];
  switch (operator) {
    case '+':
      return x + y;
    case '-':
      return x - y;
    case '*':
      return x * y;
    case '/':
      return x / y;
    case '%':
      return x % y;
  }
}

function isWhole(value: number | bigint): boolean {
  return typeof value === 'bigint' || Number.isSafeInteger(value);
}
