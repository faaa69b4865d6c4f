import { type Dataset, inOrder } from '../dataset.js';
import { withMovedMasks } from './masks.js';

/** Some episodes of a dataset, in the order of `places`, as a dataset. Masks choose the same episodes as before. */
export function chosenEpisodes(dataset: Dataset, places: readonly number[]): Dataset {
  const { head } = dataset;
  const newPlaces = new Map(places.map((place, index) => [place, index]));
  const chosen: Dataset = {
    head: {
      ...head,
      ids: places.map((place) => head.ids[place]),
      totals: { episodes: null, steps: null },
      ...(head.metadata && { metadata: withMovedMasks(head.metadata, (place) => newPlaces.get(place)) }),
    },
    episode: (index, leftOut) => dataset.episode(places[index], leftOut),
    outcome: (index) => dataset.outcome(places[index]),
    episodes: () => inOrder(chosen),
    learningRules: (rewardMode) => dataset.learningRules(rewardMode),
    close: () => dataset.close(),
  };
  return chosen;
}
