import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { mathHash, pickCubeHashes } from './episode_hashes.js';

/** Recorded by {@link pickCubeHashes} at the commit that added it; node 20. */
const FIXTURE = new URL('../fixtures/episodes/pick_cube.json', import.meta.url);
const recorded = JSON.parse(readFileSync(FIXTURE, 'utf8')) as {
  math: string;
  hashes: Record<string, string>;
};

it.skipIf(recorded.math !== mathHash())(
  'plays PickCube bit for bit as recorded before tasks had a seam, on engines with the same functions',
  async () => {
    expect(await pickCubeHashes()).toEqual(recorded.hashes);
  },
);
