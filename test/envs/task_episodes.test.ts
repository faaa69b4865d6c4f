import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { mathHash, taskHashes } from './episode_hashes.js';

/** Recorded by {@link taskHashes} with node 20 when the physics last changed on purpose. */
const FIXTURE = new URL('../fixtures/episodes/tasks.json', import.meta.url);
const recorded = JSON.parse(readFileSync(FIXTURE, 'utf8')) as {
  math: string;
  hashes: Record<string, string>;
};

it.skipIf(recorded.math !== mathHash())(
  "plays an expert's episode of each task bit for bit as recorded, on engines with the same functions",
  async () => {
    expect(await taskHashes()).toEqual(recorded.hashes);
  },
);
