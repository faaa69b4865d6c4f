import { join } from 'node:path';
import { writeCard } from '../../../src/datasets/card/write_card.js';
import { convertDataset } from '../../../src/datasets/conversion/convert.js';
import { WRITABLE_FORMATS } from '../../../src/datasets/registry.js';
import { fileExists } from '../../../src/files/reading.js';
import type { StopSignal } from '../../../src/stop_signal.js';
import { mediumWords, TIER_FOLDER, type Tier, tierPath, tierWords } from './tiers.js';

/** Formats that are published: others know to find these on the hub. */
export const PUBLISHED_FORMATS = ['minari', 'lerobot'] as const;

export type PublishedFormat = (typeof PUBLISHED_FORMATS)[number];

/** Descriptions of the tiers, for their cards. */
const DESCRIPTIONS: Readonly<Record<Tier, string>> = {
  expert: 'Episodes of a scripted expert, all of them successful.',
  medium: 'Episodes of a policy halfway through its training.',
  replay: 'All that a training has tried until it reached a policy of medium quality.',
  'human-like': 'Episodes of a scripted expert that is slow, noisy and now and then wrong, as people are.',
  'half-failed': 'Episodes of a scripted expert of which half fail on purpose.',
  random: 'Episodes of random actions.',
};

/** Folder of a tier as it is published in a format. */
export function publishedPath(envId: string, tier: Tier, format: PublishedFormat): string {
  return join(TIER_FOLDER, 'published', format, `${envId.replace(/-v\d+$/, '').toLowerCase()}-${tier}-v0`);
}

/** Writes a tier that is there in a format, with a card; what has been written before is left as it is. */
export async function publishTier(
  envId: string,
  tier: Tier,
  format: PublishedFormat,
  licence: string,
  signal: StopSignal,
): Promise<void> {
  const path = publishedPath(envId, tier, format);
  if (!(await fileExists(path))) {
    await convertDataset(tierPath(envId, tier), WRITABLE_FORMATS.get(format)!, path, { signal });
  }
  if (await fileExists(join(path, 'README.md'))) return;
  const isTrained = tier === 'medium' || tier === 'replay';
  const commands = [
    ...(isTrained ? [command(mediumWords(envId, 2000))] : []),
    command(tierWords(envId, tier)),
  ];
  await writeCard(path, {
    title: `${envId}, ${tier}`,
    description: `${DESCRIPTIONS[tier]} ManiSkill's ${envId}, re-built in the Rapier physics engine.`,
    licence,
    made: commands.join('\n'),
  });
  console.log(`${path}: ${format}, with its card`);
}

/** A command as it is given in a clone, wherever this program is. */
function command(words: readonly string[]): string {
  return ['npm run rlpd --', ...words].join(' ');
}
