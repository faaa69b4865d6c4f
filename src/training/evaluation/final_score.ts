/** The evaluations at the end of a run that it is reported by: a single one may be luck. */
const FINAL_EVALUATIONS = 5;

/** The mean of the last five scores, or of all if there are fewer; null if there are none. */
export function finalScore(scores: readonly number[]): number | null {
  const last = scores.slice(-FINAL_EVALUATIONS);
  return last.length === 0 ? null : last.reduce((sum, score) => sum + score, 0) / last.length;
}

/** The scores that `finalScore` is the mean of, in words: `the last 5 evaluations`. */
export function finalWords(numEvaluations: number): string {
  const last = Math.min(numEvaluations, FINAL_EVALUATIONS);
  return last === 1 ? 'the only evaluation' : `the last ${last} evaluations`;
}
