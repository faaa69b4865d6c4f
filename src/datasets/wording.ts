const MAX_NAMED = 8;

/** Names for a sentence; the first ones, if there are many. */
export function named(names: readonly string[]): string {
  const rest = names.length - MAX_NAMED;
  return `${names.slice(0, MAX_NAMED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** Contradiction between what the metadata say of a number and what there is, as one sentence; none where they say nothing. */
export function wrongTotal(what: string, said: number | null, found: number): string[] {
  if (said === null || said === found) return [];
  return [`the metadata say ${said} ${what}; there are ${found}`];
}

/** A number in few digits: `0.25`, `1.5e+30`. */
export function figure(value: number): string {
  const digits = Number(value.toPrecision(4));
  return Number.isFinite(digits) && Math.abs(digits) >= 1e7 ? digits.toExponential() : String(digits);
}
