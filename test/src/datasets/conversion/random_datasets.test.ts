import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Column, Columns, NumberColumn, NumberType } from '../../../../src/datasets/column.js';
import { writeDataset } from '../../../../src/datasets/conversion/convert.js';
import type { Dataset } from '../../../../src/datasets/dataset.js';
import type { Episode } from '../../../../src/datasets/episode.js';
import type { MetadataValue } from '../../../../src/datasets/metadata.js';
import { openDataset, verifyDataset, WRITABLE_FORMATS } from '../../../../src/datasets/registry.js';
import { problemsOf } from '../../../../src/datasets/verification.js';
import { UserError } from '../../../../src/errors.js';
import { RandomStream } from '../../../../src/rng.js';
import { folderOfTest } from '../../../temporary_folder.js';
import { datasetOf } from '../everything.js';

const TYPES: readonly NumberType[] = [
  ...(['float32', 'float32', 'float64', 'bool', 'int8', 'uint8', 'int16', 'uint16'] as const),
  ...(['int32', 'uint32', 'int64', 'uint64'] as const),
];
const NAMES = [
  'arm',
  'hand/_0',
  'hand/_1',
  'deep/er/est',
  'with space',
  'Größe',
  '_0',
  'success',
  'flat',
  'dones',
];
const TEXTS = ['', 'a', 'Würfel', '立方体', '"quoted" \\ {json}', ' spaces '];
const VALUES: readonly MetadataValue[] = [
  0,
  -0.1,
  7n,
  2n ** 64n - 1n,
  '',
  'text',
  true,
  null,
  [],
  [1, 2],
  ['a'],
  { a: { b: [1] } },
];

const ARRAYS = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  float32: Float32Array,
  float64: Float64Array,
};

/** Datasets of all sorts, each by its seed. */
class Sorts {
  private readonly random: RandomStream;

  constructor(seed: number) {
    this.random = new RandomStream(seed);
  }

  dataset(): Dataset {
    const layout = {
      observations: this.names(),
      actions: this.names(),
      extras: this.names().filter((name) => name !== ''),
    };
    const types = new Map(
      Object.values(layout)
        .flat()
        .map((name) => [name, this.type()]),
    );
    const has = { final: this.chance(0.7), rewards: this.chance(0.8), success: this.chance(0.6) };
    const episodes = Array.from({ length: 1 + this.below(4) }, (_, index): Episode => {
      const length = 1 + this.below(5);
      const rows = has.final ? length + 1 : length;
      const columns = (names: string[], count: number): Columns =>
        new Map(names.map((name) => [name, this.column(types.get(name)!, count)]));
      const flags = () => Uint8Array.from({ length }, () => (this.chance(0.2) ? 1 : 0));
      const actions = columns(layout.actions, length);
      return {
        id: `random ${index}`,
        seed: this.chance(0.5) ? BigInt(this.below(2 ** 31)) << 32n : null,
        length,
        hasFinalObservation: has.final,
        observations: columns(layout.observations, rows),
        actions,
        ...(this.chance(0.3) && { intendedActions: columns(layout.actions, length) }),
        rewards: has.rewards ? this.numbers('float32', [length]) : null,
        terminated: flags(),
        truncated: flags(),
        success: has.success ? flags() : null,
        extras: async () => columns(layout.extras, this.chance(0.5) ? length : length + 1),
        metadata: this.metadata(),
      };
    });
    // What an episode reads only when asked for is asked for twice.
    for (const episode of episodes) {
      const extras = episode.extras();
      episode.extras = () => extras;
    }
    return datasetOf(episodes, { metadata: this.metadata(), envId: this.chance(0.5) ? 'Lift-v0' : null });
  }

  private names(): string[] {
    if (this.chance(0.4)) return [''];
    const names = NAMES.filter(() => this.chance(0.3));
    return names.length > 0 ? names : ['alone'];
  }

  private type(): { dtype: NumberType | 'string' | 'bytes'; shape: number[] } {
    const shape = Array.from({ length: this.below(3) }, () => 1 + this.below(3));
    if (this.chance(0.1)) return { dtype: 'string', shape: [] };
    if (this.chance(0.03)) return { dtype: 'bytes', shape: [] };
    return { dtype: TYPES[this.below(TYPES.length)], shape };
  }

  private column({ dtype, shape }: ReturnType<Sorts['type']>, rows: number): Column {
    const texts = Array.from({ length: rows }, () => TEXTS[this.below(TEXTS.length)]);
    if (dtype === 'string') return { dtype, shape: [rows], data: texts };
    if (dtype === 'bytes') return { dtype, shape: [rows], data: texts.map((text) => Buffer.from(text)) };
    return this.numbers(dtype, [rows, ...shape]);
  }

  private numbers(dtype: NumberType, shape: number[]): NumberColumn {
    const count = shape.reduce((product, size) => product * size, 1);
    const value = () => this.random.uniform(-100, 100);
    if (dtype === 'bool')
      return { dtype, shape, data: Uint8Array.from({ length: count }, () => this.below(2)) };
    if (dtype === 'int64' || dtype === 'uint64') {
      const values = Array.from({ length: count }, () => BigInt(this.below(2 ** 31)) << 12n);
      const data = dtype === 'int64' ? BigInt64Array.from(values) : BigUint64Array.from(values);
      return { dtype, shape, data } as NumberColumn;
    }
    const Numbers = ARRAYS[dtype];
    return {
      dtype,
      shape,
      data: (Numbers as typeof Float64Array).from({ length: count }, value),
    } as NumberColumn;
  }

  private metadata(): Map<string, MetadataValue> {
    const names = ['author', 'options/low', 'lang', 'iteration', 'mask/train', 'total', 'id', 'seed'];
    return new Map(
      names.filter(() => this.chance(0.3)).map((name) => [name, VALUES[this.below(VALUES.length)]]),
    );
  }

  private chance(share: number): boolean {
    return this.random.uniform() < share;
  }

  private below(count: number): number {
    return this.random.integer(count);
  }
}

const OUTPUTS = { minari: 'made-v0', robomimic: 'made.hdf5', d4rl: 'made.hdf5' };
const SEEDS = Number(process.env['RLPD_SEEDS'] ?? 15);

describe.each(Object.entries(OUTPUTS))('%s', (name, output) => {
  const format = WRITABLE_FORMATS.get(name)!;

  it('takes datasets of all sorts and gives back what it said, or says what is in the way', async () => {
    let written = 0;
    for (let seed = 0; seed < SEEDS; seed++) {
      const folder = folderOfTest();
      const path = join(folder, output);
      try {
        await writeDataset(new Sorts(seed).dataset(), format, path);
      } catch (error) {
        if (!(error instanceof UserError)) throw new Error(`seed ${seed}`, { cause: error });
        expect(error.message, `seed ${seed}`).toMatch(REFUSALS);
        expect(readdirSync(folder)).toEqual([]);
        continue;
      }
      written++;
      expect(problemsOf(await verifyDataset(path)), `seed ${seed}`).toEqual([]);
      // Once written, nothing more is lost by writing it again.
      const again = await openDataset(path);
      const { rows } = await writeDataset(again, format, join(folder, `again-${output}`));
      again.close();
      expect(
        rows.filter(({ fate }) => fate !== 'kept'),
        `seed ${seed}`,
      ).toEqual([]);
    }
    expect(written).toBeGreaterThan(SEEDS / 5);
  }, 120_000);
});

/** All that may be in the way of a sound dataset. */
const REFUSALS =
  /: random \d+(\/.* holds (bytes|texts|pictures)| has no rewards, and no success| doesn't say whether it succeeded)/;
