import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { type Column, withNames } from '../../../../../src/datasets/column.js';
import type { Episode } from '../../../../../src/datasets/episode.js';
import { columnsOf } from '../../../../../src/datasets/formats/envlogger/columns.js';
import { decodeData, decodeDatum } from '../../../../../src/datasets/formats/envlogger/data.js';
import { datasetInfo } from '../../../../../src/datasets/info.js';
import { openDataset, verifyDataset } from '../../../../../src/datasets/registry.js';
import { RiegeliFile } from '../../../../../src/datasets/storage/riegeli.js';
import { problemsOf } from '../../../../../src/datasets/verification.js';
import { UserError } from '../../../../../src/errors.js';
import { RandomStream } from '../../../../../src/rng.js';
import { folderOfTests } from '../../../../temporary_folder.js';
import { damaged } from '../../damage.js';
import { digestOf } from '../../digest.js';

const FIXTURES = 'test/fixtures/envlogger';
const BROKEN = join(FIXTURES, 'broken');
const VARIANTS = readdirSync(FIXTURES).filter((name) => name !== 'broken' && name !== 'expected.json');
const folder = folderOfTests();

interface Expected {
  metadata: Record<string, unknown>;
  episode_metadata: Record<string, unknown>[];
  episodes: { ends: string; return: number; arrays: Record<string, [string, number[], string]> }[];
}

/** Contents as EnvLogger's own reader gives them, the same in all variants. */
const expected: Expected = JSON.parse(readFileSync(join(FIXTURES, 'expected.json'), 'utf8'));

/** All arrays of an episode, under EnvLogger's names. */
async function arraysOf({ observations, actions, rewards, extras }: Episode) {
  const columns: [string, Column][] = [
    ...withNames('observation', observations),
    ...withNames('action', actions),
    ['reward', rewards!],
    ...[...(await extras())].filter(([name]) => !name.startsWith('custom_data')),
  ];
  const facts = columns.map(([name, column]) => [name, [column.dtype, [...column.shape], digestOf(column)]]);
  return Object.fromEntries(facts);
}

function endOf({ terminated, truncated }: Episode): string {
  if (terminated.at(-1)) return 'terminated';
  return truncated.at(-1) ? 'truncated' : 'open';
}

describe.each(VARIANTS)('%s, written by EnvLogger', (variant) => {
  it("holds what EnvLogger's own reader finds, by the digests of all arrays", async () => {
    const dataset = await openDataset(join(FIXTURES, variant));
    expect(Object.fromEntries(dataset.head.metadata!)).toEqual(expected.metadata);
    expect(dataset.head.ids).toHaveLength(expected.episodes.length);
    for await (const episode of dataset.episodes()) {
      const index = Number(episode.id.replace('episode ', ''));
      const { arrays, ends, return: sum } = expected.episodes[index];
      expect(await arraysOf(episode)).toEqual(arrays);
      expect(endOf(episode)).toBe(ends);
      const rewards = Array.from(episode.rewards!.data, Number);
      expect(rewards.reduce((total, reward) => total + reward, 0)).toBeCloseTo(sum, 12);
      expect(Object.fromEntries(episode.metadata!)).toEqual(expected.episode_metadata[index]);
    }
    dataset.close();
  });
});

test('specifications of the environment declare columns, with their bounds', async () => {
  const { head } = await openDataset(join(FIXTURES, 'default'));
  expect(head.declared.get('actions')).toEqual({
    dtype: 'float32',
    shape: [2],
    bounds: { low: [-1, -1], high: [1, 1] },
  });
  expect([...head.declared.keys()].sort()).toEqual([
    'actions',
    'observations/frame',
    'observations/position',
    'observations/velocity',
  ]);
  expect(head.declared.get('observations/frame')?.shape).toEqual([8, 8, 3]);
});

test('pictures are left out of learning, and what the recorder added is an extra', async () => {
  const dataset = await openDataset(join(FIXTURES, 'default'));
  const { unseen, notes } = dataset.learningRules('sparse');
  expect(unseen).toEqual(new Set(['observations/frame']));
  expect(notes).toContain('not learnt from, as no network here sees pictures yet: observations/frame');
  const extras = await (await dataset.episode(0)).extras();
  expect([...extras.keys()]).toEqual(expect.arrayContaining(['step_type', 'discount', 'custom_data/note']));
  expect(extras.get('custom_data/note')?.shape).toEqual([4]);
});

test('a record is decoded or an Error says what is wrong, whatever bytes of it are damaged behind the hash', async () => {
  const [shard] = readdirSync(join(FIXTURES, 'default')).sort();
  const record = (await RiegeliFile.open(join(FIXTURES, 'default', shard, 'steps.riegeli'))).record(1);
  const random = new RandomStream(5);
  let refused = 0;
  for (let trial = 0; trial < 500; trial++) {
    try {
      columnsOf([decodeData(damaged(Buffer.from(record), random))], 0);
    } catch (error) {
      expect((error as Error).constructor).toBe(Error);
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(50);
  expect(refused).toBeLessThan(500);
});

test('floats of a field each are read as those in bytes are', () => {
  const scalar = [0x0a, 0x04, 0x12, 0x02, 0x08, 0x02];
  const packed = Uint8Array.of(...scalar, 0x12, 0x0a, 0x0a, 0x08, 0, 0, 0x80, 0x3f, 0, 0, 0, 0x40);
  const inBytes = Uint8Array.of(...scalar, 0x12, 0x0a, 0x7a, 0x08, 0x3f, 0x80, 0, 0, 0x40, 0, 0, 0);
  const single = Uint8Array.of(...scalar, 0x12, 0x0a, 0x0d, 0, 0, 0x80, 0x3f, 0x0d, 0, 0, 0, 0x40);
  for (const bytes of [packed, inBytes, single]) {
    expect(decodeDatum(bytes)).toEqual({ dtype: 'float32', shape: [2], data: Float32Array.of(1, 2) });
  }
});

describe('damaged and odd copies', () => {
  it('steps cut off: whole episodes are read, and an error tells where it is cut', async () => {
    const path = join(BROKEN, 'steps-cut');
    const problems = problemsOf(await verifyDataset(path));
    expect(problems.join('\n')).toMatch(
      /steps\.riegeli: chunk at byte \d+ is cut off, as when its writer was stopped/,
    );
    const dataset = await openDataset(path);
    await expect(dataset.episode(0)).rejects.toThrow(UserError);
    const last = dataset.head.ids.length - 1;
    expect(await arraysOf(await dataset.episode(last))).toEqual(expected.episodes.at(-1)!.arrays);
  });

  it('no index: episodes are found by their first steps, with a note', async () => {
    const info = await datasetInfo(join(BROKEN, 'no-index'));
    expect(problemsOf(info)).toEqual([]);
    expect(info.lengths).toEqual(expected.episodes.map(({ arrays }) => arrays['reward'][1][0]));
    expect(info.notes.join()).toContain('episode_index.riegeli is missing: its episodes are found by their');
  });

  it('no metadata: read with a note', async () => {
    const info = await datasetInfo(join(BROKEN, 'no-metadata'));
    expect(problemsOf(info)).toEqual([]);
    expect(info.episodes).toBe(5);
    expect(info.notes.join()).toContain('metadata.riegeli is missing: nothing is declared');
  });

  it('a shard whose recorder never closed: left out with a note', async () => {
    const info = await datasetInfo(join(BROKEN, 'empty-shard'));
    expect(problemsOf(info)).toEqual([]);
    expect(info.episodes).toBe(5);
    expect(info.notes.join()).toMatch(/29990101T000000000000 has no steps, as a recorder leaves it/);
  });

  it('no episode metadata: read with a note', async () => {
    const copy = join(folder, 'without');
    cpSync(join(FIXTURES, 'default'), copy, { recursive: true });
    for (const name of readdirSync(copy).filter((entry) => !entry.includes('.'))) {
      rmSync(join(copy, name, 'episode_metadata.riegeli'));
    }
    const dataset = await openDataset(copy);
    expect(dataset.head.notes.join()).toContain('its episodes have no metadata');
    expect((await dataset.episode(0)).metadata?.size).toBe(0);
  });

  it('a shard without its steps is refused by name', async () => {
    const copy = join(folder, 'stepless');
    cpSync(join(FIXTURES, 'default'), copy, { recursive: true });
    const [shard] = readdirSync(copy).sort();
    rmSync(join(copy, shard, 'steps.riegeli'));
    await expect(openDataset(copy)).rejects.toThrow(`${join(shard, 'steps.riegeli')}`);
  });
});
