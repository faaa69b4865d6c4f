import { shortenHome } from '../../files/paths.js';
import { episodeDigest } from '../conversion/episode_digest.js';
import { type Dataset, inOrder } from '../dataset.js';
import type { Episode } from '../episode.js';
import type { MetadataValue } from '../metadata.js';
import { wholeEpisode } from '../whole_episode.js';

/** Metadata of an episode that say where it was taken from: the dataset, its name there, the SHA-256 of all that it held. */
export const PROVENANCE = ['source_path', 'source_episode', 'source_sha256'] as const;

/** A dataset whose episodes say in their metadata where they are from. Those that say so already keep that: it is where they came from first. */
export function withProvenance(dataset: Dataset): Dataset {
  const { path } = dataset.head;
  const view: Dataset = {
    head: dataset.head,
    episode: async (index, leftOut) => traced(path, await dataset.episode(index, leftOut)),
    outcome: (index) => dataset.outcome(index),
    episodes: () => inOrder(view),
    learningRules: (rewardMode) => dataset.learningRules(rewardMode),
    close: () => dataset.close(),
  };
  return view;
}

async function traced(path: string, episode: Episode): Promise<Episode> {
  const whole = await wholeEpisode(episode);
  const metadata = new Map<string, MetadataValue>(whole.metadata);
  if (!PROVENANCE.every((name) => metadata.has(name))) {
    const values = [shortenHome(path), whole.id, episodeDigest(whole).toString('hex')];
    for (const [i, name] of PROVENANCE.entries()) metadata.set(name, values[i]);
  }
  return { ...whole, extras: async () => whole.extras, metadata };
}
