import { Document, parseDocument, Scalar, visit, YAMLError } from 'yaml';
import { UserError } from '../errors.js';

/** A value as somebody wrote it. The schema of its key decides the meaning: `2026_11_28` is a name or a number. */
export class Words {
  constructor(
    readonly text: string,
    /** True if it stood in quotes, which have been taken off. */
    readonly isQuoted: boolean,
  ) {}
}

/**
 * Parses YAML into mappings, lists, null and `Words`. `source` names the text in the UserError that is thrown if anything
 * is wrong with it.
 */
export function parseYaml(text: string, source: string): unknown {
  try {
    const document = parseDocument(text);
    const [problem] = [...document.errors, ...document.warnings];
    if (problem) throw problem;
    keepWords(document);
    return document.toJS();
  } catch (error) {
    throw new UserError(`${source}: not valid YAML: ${problemOf(error)}`, { cause: error });
  }
}

/** Writes values so that `parseYaml`, and the readers of other languages, take no text for a number, a date or null. */
export function writeYaml(value: unknown): string {
  const document = new Document(value, { compat: 'yaml-1.1' });
  visit(document, {
    Scalar(_key, node) {
      if (node.value === 'None') node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return document.toString({ lineWidth: 0 });
}

function keepWords(document: Document): void {
  visit(document, {
    Scalar(key, node) {
      if (key !== 'key' && node.value !== null) node.value = wordsOf(node);
    },
    Alias(_key, node, ancestors) {
      const target = node.resolve(document);
      if (target && ancestors.includes(target)) throw new Error(`*${node.source} is inside of itself`);
    },
  });
}

function wordsOf({ type, source, tag, value }: Scalar): Words {
  const isPlain = type === Scalar.PLAIN && tag === undefined;
  return isPlain ? new Words(source!, false) : new Words(String(value), true);
}

function problemOf(error: unknown): string {
  if (error instanceof YAMLError && error.code === 'MULTIPLE_DOCS') {
    return 'there is more than one document in it: a line --- begins another';
  }
  return error instanceof Error ? error.message.trim() : String(error);
}
