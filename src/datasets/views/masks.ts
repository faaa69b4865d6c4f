import type { Metadata, MetadataValue } from '../metadata.js';

/** The beginning of names of metadata that choose episodes, by lists of their places: `mask/train`. robomimic's files have them. */
export const MASK_NAME = 'mask/';

/** The places that a mask lists; null for metadata that are no mask. */
export function maskPlaces(name: string, value: MetadataValue): number[] | null {
  if (!name.startsWith(MASK_NAME) || !Array.isArray(value)) return null;
  const places = (value as readonly MetadataValue[]).map(Number);
  return places.every((place) => Number.isInteger(place) && place >= 0) ? places : null;
}

/** Metadata with masks that choose the same episodes after they were given other places; without masks that choose none then. */
export function withMovedMasks(
  metadata: Metadata,
  placeOf: (place: number) => number | undefined,
): Map<string, MetadataValue> {
  return new Map(
    [...metadata].flatMap(([name, value]): [string, MetadataValue][] => {
      const places = maskPlaces(name, value);
      if (places === null) return [[name, value]];
      const moved = places.map(placeOf).filter((place) => place !== undefined);
      return moved.length === 0 ? [] : [[name, moved.sort((a, b) => a - b)]];
    }),
  );
}
