import { distribution } from '../../../src/rollout/episode_stats.js';

/** The median of some rates with the smallest and the largest: `5,210 (4,880 to 5,301)`. */
export function rateText(rates: readonly number[]): string {
  const { median, min, max } = distribution(rates);
  const [middle, low, high] = [median, min, max].map((rate) => Math.round(rate).toLocaleString('en-US'));
  return `${middle} (${low} to ${high})`;
}
