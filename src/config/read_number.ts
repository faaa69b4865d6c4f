/** The form of a number: with Python's underscores; without hexadecimal digits, infinity and the like. */
const NUMBER = /^[+-]?(\d+(_\d+)*\.?(\d+(_\d+)*)?|\.\d+(_\d+)*)([eE][+-]?\d+)?$/;

/** A number in Python's spelling, such as `20_000` or `3e-4`; undefined if it is none, or too large. */
export function readNumber(text: string): number | undefined {
  // Adding 0 makes −0 a 0.
  const value = NUMBER.test(text) ? Number(text.replaceAll('_', '')) + 0 : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}
