import { closest, distance } from 'fastest-levenshtein';

/** The candidate with the nearest spelling, within a third of the word's length. Undefined if none is near. */
export function nearestWord(word: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined;
  const nearest = closest(word, candidates);
  return distance(word, nearest) <= Math.max(2, word.length / 3) ? nearest : undefined;
}
