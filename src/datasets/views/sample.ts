import { UserError } from '../../errors.js';
import type { RandomStream } from '../../rng.js';
import type { Dataset } from '../dataset.js';

/** Places of episodes that are drawn by chance, ascending. Throws a UserError if there are not so many. */
export function samplePlaces({ head }: Pick<Dataset, 'head'>, count: number, random: RandomStream): number[] {
  const episodes = head.ids.length;
  if (count > episodes) throw new UserError(`${head.path} has ${episodes} episodes, not ${count}`);
  return random.choose(count, episodes).sort((a, b) => a - b);
}

/** Places of episodes, drawn by chance until they have so many steps together, ascending. Throws a UserError if all have fewer. */
export async function sampleSteps(dataset: Dataset, steps: number, random: RandomStream): Promise<number[]> {
  const { path, ids } = dataset.head;
  const places: number[] = [];
  let drawn = 0;
  for (const place of random.choose(ids.length, ids.length)) {
    if (drawn >= steps) break;
    places.push(place);
    drawn += (await dataset.outcome(place)).length;
  }
  if (drawn < steps) throw new UserError(`${path} has ${drawn} steps, not ${steps}`);
  return places.sort((a, b) => a - b);
}
