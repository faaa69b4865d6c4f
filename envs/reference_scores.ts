/** Returns of two policies of a task, between which those of others are placed. */
export interface ReferenceScores {
  /** Mean return of uniformly random actions. */
  random: number;
  /** Mean return of a policy that was trained for long. */
  expert: number;
  /** Source of the figures, and what they hold for. */
  source: string;
}

/** The place of a return between random, 0, and expert, 100 (Fu et al. 2020, D4RL, arXiv 2004.07219). */
export function normalizedScore(meanReturn: number, { random, expert }: ReferenceScores): number {
  return (100 * (meanReturn - random)) / (expert - random);
}
