import stringWidth from 'string-width';

/** The width if none is known: in a pipe or a log. */
const DEFAULT_COLUMNS = 80;

/** The number of columns that a line on `stream` may have. */
export function consoleWidth(stream: NodeJS.WriteStream = process.stdout): number {
  return stream.columns || DEFAULT_COLUMNS;
}

/** The columns that a text takes, which are two for many Asian letters; of several lines, the longest counts. */
export function displayWidth(text: string): number {
  return Math.max(...text.split('\n').map((line) => stringWidth(line)));
}

/** The text in lines of at most `width` columns. Only words longer than that are broken, after `/`, `-` and the like. */
export function wrapText(text: string, width: number): string[] {
  return filled(
    text.split(/\s+/).flatMap((word) => (displayWidth(word) <= width ? [word] : brokenWord(word, width))),
    ' ',
    width,
  );
}

function brokenWord(word: string, width: number): string[] {
  const parts = word
    .split(/(?<=[/,=_-])/)
    .flatMap((part) => (displayWidth(part) <= width ? [part] : letters(part)));
  return filled(parts, '', width);
}

function letters(text: string): string[] {
  return [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);
}

/** Lines of as many parts as fit. */
function filled(parts: readonly string[], separator: string, width: number): string[] {
  const lines = [parts[0]];
  for (const part of parts.slice(1)) {
    const longer = `${lines[lines.length - 1]}${separator}${part}`;
    if (displayWidth(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(part);
  }
  return lines;
}
