import type { Column } from '../../../src/datasets/column.js';
import { type Dataset, type DatasetHead, inOrder } from '../../../src/datasets/dataset.js';
import type { Episode } from '../../../src/datasets/episode.js';
import { recordedRules } from '../../../src/datasets/recorded_rules.js';

export function floats(rows: number, width: number, from = 0): Column {
  const data = Float32Array.from({ length: rows * width }, (_, i) => (from + i) / 8);
  return { dtype: 'float32', shape: [rows, width], data };
}

function doubles(rows: number, from = 0): Column {
  return {
    dtype: 'float64',
    shape: [rows],
    data: Float64Array.from({ length: rows }, (_, i) => from + i / 3),
  };
}

/** An episode with something in every part, in numbers, texts, pictures and columns within columns. */
export function fullEpisode(index: number, length = 3): Episode {
  const rows = length + 1;
  return {
    id: `full ${index}`,
    seed: 18446744073709551615n - BigInt(index),
    length,
    hasFinalObservation: true,
    observations: new Map<string, Column>([
      ['arm/_0', floats(rows, 2, index)],
      [
        'arm/_1',
        { dtype: 'int64', shape: [rows], data: BigInt64Array.from({ length: rows }, (_, i) => BigInt(-i)) },
      ],
      [
        'camera',
        { dtype: 'uint8', shape: [rows, 2, 3, 1], data: Uint8Array.from({ length: rows * 6 }, (_, i) => i) },
      ],
      [
        'mission',
        { dtype: 'string', shape: [rows], data: Array.from({ length: rows }, (_, i) => `Würfel ${i}`) },
      ],
      [
        'touch',
        { dtype: 'bool', shape: [rows, 2], data: Uint8Array.from({ length: rows * 2 }, (_, i) => i & 1) },
      ],
    ]),
    actions: new Map([
      ['grip', floats(length, 1)],
      ['move', floats(length, 3)],
    ]),
    intendedActions: new Map([
      ['grip', floats(length, 1, 1)],
      ['move', floats(length, 3, 1)],
    ]),
    rewards: { dtype: 'float64', shape: [length], data: Float64Array.from({ length }, (_, i) => i / 3) },
    terminated: Uint8Array.from({ length }, (_, i) => (i === length - 1 && index === 0 ? 1 : 0)),
    truncated: new Uint8Array(length),
    success: Uint8Array.from({ length }, (_, i) => (i === length - 1 ? 1 : 0)),
    extras: async () =>
      new Map<string, Column>([
        ['infos/distance', doubles(rows)],
        ['infos/note', { dtype: 'string', shape: [rows], data: new Array<string>(rows).fill('') }],
        ['states', doubles(length)],
      ]),
    metadata: new Map<string, string | number | bigint | readonly number[]>([
      ['options/low', -0.5],
      ['options/count', 7n],
      ['options/range', [1, 2.5]],
      ['lang', 'hebe den Würfel'],
    ]),
  };
}

/** An episode of vectors only, which every format takes. */
export function plainEpisode(index: number, length = 3): Episode {
  const { intendedActions: _, ...full } = fullEpisode(index, length);
  return {
    ...full,
    observations: new Map([['', floats(length + 1, 2, index)]]),
    actions: new Map([['', floats(length, 1)]]),
    rewards: { dtype: 'float32', shape: [length], data: new Float32Array(length).fill(0.5) },
    extras: async () => new Map(),
    metadata: new Map(),
  };
}

export function datasetOf(episodes: readonly Episode[], head: Partial<DatasetHead> = {}): Dataset {
  const dataset: Dataset = {
    head: {
      path: 'memory',
      envId: 'Lift-v0',
      ids: episodes.map(({ id }) => id),
      declared: new Map(),
      totals: { episodes: null, steps: null },
      facts: [],
      metadata: new Map<string, string | readonly string[]>([
        ['author', ['Ada', 'Bob']],
        ['description', 'made up'],
      ]),
      notes: [],
      problems: [],
      ...head,
    },
    episode: async (index) => episodes[index],
    outcome: async (index) => episodes[index],
    episodes: () => inOrder(dataset),
    learningRules: () => recordedRules('memory'),
    close() {},
  };
  return dataset;
}
