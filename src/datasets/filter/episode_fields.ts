import { withNames } from '../column.js';
import type { Dataset } from '../dataset.js';
import type { EpisodeOutcome } from '../episode.js';
import { type MetadataValue, NO_METADATA } from '../metadata.js';
import { maskPlaces } from '../views/masks.js';

/** Fields that every episode has, with what they are; null where it isn't known. */
export const EPISODE_FIELDS = {
  index: 'its place in the dataset, from 0',
  id: 'its name there',
  length: 'the number of its steps',
  return: 'the sum of its rewards',
  success: 'the same as success_at_end',
  success_at_end: 'success in its last step',
  success_once: 'success in any step',
  terminated: 'the task ended by its last step',
  truncated: 'it was cut off after its last step',
  seed: 'its seed',
} as const;

export type EpisodeField = keyof typeof EPISODE_FIELDS;

/** Reads some fields of a dataset's episodes, and no more of the files than these need. */
export class FieldReader {
  /** Names of metadata that were seen: of the episodes, and masks, which are true for those that they choose. */
  readonly metadataNames = new Set<string>();
  private readonly masks = new Map<string, ReadonlySet<number>>();
  private leftOut: ReadonlySet<string> | null = null;

  constructor(
    private readonly dataset: Dataset,
    private readonly names: readonly string[],
  ) {
    for (const [name, value] of dataset.head.metadata ?? NO_METADATA) {
      const places = maskPlaces(name, value);
      if (places === null) continue;
      this.masks.set(name, new Set(places));
      this.metadataNames.add(name);
    }
  }

  /** Names that no episode so far has a field of, and no mask. */
  unknown(): string[] {
    return this.names.filter((name) => !isEpisodeField(name) && !this.metadataNames.has(name));
  }

  async read(index: number): Promise<Map<string, MetadataValue>> {
    const { outcome, gained, metadata } = await this.readEpisode(index);
    for (const name of metadata.keys()) this.metadataNames.add(name);
    const fieldValue = (name: string): MetadataValue =>
      isEpisodeField(name)
        ? fieldOf(name, index, outcome, gained)
        : (metadata.get(name) ?? this.masks.get(name)?.has(index) ?? null);
    return new Map(this.names.map((name) => [name, fieldValue(name)]));
  }

  private async readEpisode(index: number) {
    const isOutcome = (name: string) => (isEpisodeField(name) && name !== 'return') || this.masks.has(name);
    if (this.names.every(isOutcome)) {
      return { outcome: await this.dataset.outcome(index), gained: null, metadata: NO_METADATA };
    }
    const episode = await this.dataset.episode(index, this.leftOut ?? undefined);
    // Neither observations nor actions are needed of the episodes after the first, which tells their names.
    this.leftOut ??= new Set([
      ...withNames('observations', episode.observations).map(([name]) => name),
      ...withNames('actions', episode.actions).map(([name]) => name),
    ]);
    let gained: number | null = null;
    if (episode.rewards) {
      gained = 0;
      for (const reward of episode.rewards.data) gained += Number(reward);
    }
    return { outcome: episode, gained, metadata: episode.metadata ?? NO_METADATA };
  }
}

export function isEpisodeField(name: string): name is EpisodeField {
  return Object.hasOwn(EPISODE_FIELDS, name);
}

function fieldOf(
  name: EpisodeField,
  index: number,
  { id, length, seed, success, terminated, truncated }: EpisodeOutcome,
  gained: number | null,
): MetadataValue {
  switch (name) {
    case 'index':
      return index;
    case 'id':
      return id;
    case 'length':
      return length;
    case 'return':
      return gained;
    case 'success':
    case 'success_at_end':
      return success === null ? null : success.at(-1) === 1;
    case 'success_once':
      return success === null ? null : success.includes(1);
    case 'terminated':
      return terminated.at(-1) === 1;
    case 'truncated':
      return truncated.at(-1) === 1;
    case 'seed':
      return seed;
  }
}
