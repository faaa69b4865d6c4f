import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Column, isNumbers, rowSize } from '../../../../../src/datasets/column.js';
import { rowsOf } from '../../../../../src/datasets/column_rows.js';
import type { Episode } from '../../../../../src/datasets/episode.js';
import { formatOf, openDataset, verifyDataset } from '../../../../../src/datasets/registry.js';
import { problemsOf } from '../../../../../src/datasets/verification.js';
import { folderOfTests } from '../../../../temporary_folder.js';
import { digestOf } from '../../digest.js';

const FIXTURES = 'test/fixtures/rlds';
const VECTORS = join(FIXTURES, 'point_vector/dense/0.1.0');
const ARRAYS = 'test/fixtures/rlds/array_record/0.1.0';
const ARM = join(FIXTURES, 'arm_oxe/1.2.0');

type Facts = [dtype: string, shape: number[], sha256: string];
interface Expected {
  ends?: string;
  split: string;
  terminal?: boolean;
  steps: Record<string, Facts | ['ragged', Facts[]]>;
  metadata: Record<string, unknown>;
}

const expected: Record<string, Expected[]> = JSON.parse(
  readFileSync(join(FIXTURES, 'expected.json'), 'utf8'),
);

/** The episodes of a dataset, each with all its columns under the names that TFDS has for them. */
async function readAll(path: string): Promise<{ episode: Episode; columns: Map<string, Column> }[]> {
  const dataset = await openDataset(path);
  const read = [];
  for await (const episode of dataset.episodes()) {
    const columns = new Map<string, Column>(await episode.extras());
    for (const part of ['observation', 'action'] as const) {
      for (const [name, column] of episode[`${part}s`]) columns.set(name ? `${part}/${name}` : part, column);
    }
    columns.set('reward', episode.rewards!);
    read.push({ episode, columns });
  }
  dataset.close();
  return read;
}

/** The rows of a list in each step. */
function raggedRows(columns: ReadonlyMap<string, Column>, name: string): Column[] {
  const values = columns.get(`${name}/ragged_flat_values`)!;
  let from = 0;
  return Array.from(columns.get(`${name}/ragged_row_lengths_0`)!.data as BigInt64Array, (length) => {
    from += Number(length);
    return rowsOf(values, from - Number(length), from);
  });
}

function facts(column: Column): Facts {
  return [column.dtype, [...column.shape], digestOf(column)];
}

describe.each(['point_vector', 'arm_oxe'])('%s', (name) => {
  it('has the episodes that tfds reads, bit for bit', async () => {
    const found = await readAll(join(FIXTURES, name));
    expect(found).toHaveLength(expected[name].length);
    for (const [index, { steps, terminal, metadata }] of expected[name].entries()) {
      const { episode, columns } = found[index];
      expect(episode.hasFinalObservation).toBe(name === 'point_vector');
      expect(episode.terminated.at(-1)).toBe(terminal ? 1 : 0);
      expect(episode.truncated.at(-1)).toBe(terminal ? 0 : 1);
      for (const [key, wanted] of Object.entries(steps)) {
        if (key.startsWith('is_')) continue;
        if (wanted[0] === 'ragged') {
          expect(raggedRows(columns, key).map(facts), key).toEqual(wanted[1]);
        } else {
          const column = columns.get(key)!;
          expect(facts(completed(column, wanted[1][0] as number)), key).toEqual(wanted);
        }
      }
      const { seed, episode_metadata: inner } = metadata as {
        seed?: number;
        episode_metadata?: { success: boolean };
      };
      expect(episode.seed).toBe(seed === undefined ? null : BigInt(seed));
      expect(episode.success?.at(-1)).toBe(inner && Number(inner.success));
    }
  });
});

/** A column with the row of zeros that stands for an action or a reward in the last step. */
function completed(column: Column, rows: number): Column {
  const [found] = column.shape;
  if (found === rows || !isNumbers(column)) return column;
  const Numbers = column.data.constructor as new (length: number) => Float64Array;
  const data = new Numbers(rows * rowSize(column));
  data.set(column.data as Float64Array);
  return { ...column, shape: [rows, ...column.shape.slice(1)], data };
}

it("reads what EnvLogger's TFDS backend wrote, by other names of files", async () => {
  const found = await readAll(join(FIXTURES, 'envlogger'));
  expect(found.map(({ episode }) => episode.length + 1)).toEqual([4, 9, 6, 4, 9]);
  for (const [index, { steps, ends }] of expected['envlogger'].entries()) {
    const { episode, columns } = found[index];
    expect(episode.terminated.at(-1)).toBe(ends === 'terminated' ? 1 : 0);
    for (const [key, wanted] of Object.entries(steps) as [string, Facts][]) {
      // TFDS stores float64 as float32: those digits are not in the files.
      if (key === 'step_type' || wanted[0] === 'float64') continue;
      const column = columns.get(key)!;
      expect(facts(rowsOf(column, 0, wanted[1][0])), key).toEqual(wanted);
    }
  }
});

it('opens the folder of a version, one above it, and a split alone', async () => {
  for (const [path, count] of [
    [`${FIXTURES}/point_vector`, 12],
    [`${FIXTURES}/point_vector/dense`, 12],
    [ARM, 7],
    [join(ARM, 'val'), 2],
  ] as const) {
    const dataset = await openDataset(path);
    expect(dataset.head.ids).toHaveLength(count);
    dataset.close();
  }
  const { notes } = (await openDataset(ARM)).head;
  expect(notes.join()).toContain('all its splits are read: train, val');
});

/** Damaged and odd copies: what is removed of a sound one or put in its place, and what has to be said. */
const BROKEN: Readonly<Record<string, { lacks?: string; says: RegExp }>> = {
  'no-features': { lacks: 'features.json', says: /features\.json/ },
  'shard-missing': {
    lacks: 'point_vector-train.tfrecord-00001-of-00003',
    says: /00001-of-00003: no such file/,
  },
  'record-cut': { says: /00000-of-00003: record 3 at byte \d+ is cut off/ },
  'data-crc': { says: /00000-of-00003: record 2 at byte \d+ has another checksum \(crc\) of its data/ },
  'length-crc': { says: /00000-of-00003: record 1 at byte \d+ has another checksum \(crc\) of its length/ },
  'shard-lengths-wrong': { says: /00000-of-00003: it has 4 records; the metadata say 5/ },
  'features-extra': { says: /record 0 has no steps\/goal, which features\.json declares/ },
  'shape-mismatch': {
    says: /steps\/observation: it holds 50 numbers, 5 for each of 10 steps; features\.json says \[4\]/,
  },
  'picture-cut': {
    says: /record \d: steps\/observation\/image: it holds a picture at step \d that can't be decoded/,
  },
  'episode-empty': { says: /00000-of-00003: record 0: train 0 has no steps/ },
  'trailing-zeros': { says: /00002-of-00003: record 4 at byte 2862 has another checksum/ },
};

describe('damaged datasets', () => {
  const folder = folderOfTests();

  function copyOf(name: string, lacks?: string): string {
    const copy = join(folder, name);
    cpSync(name === 'picture-cut' ? ARM : VECTORS, copy, { recursive: true });
    if (lacks) rmSync(join(copy, lacks));
    else if (existsSync(join(FIXTURES, 'broken', name)))
      cpSync(join(FIXTURES, 'broken', name), copy, { recursive: true });
    return copy;
  }

  it.each(Object.entries(BROKEN))('%s is found', async (name, { lacks, says }) => {
    const path = copyOf(name, lacks);
    expect((await formatOf(path)).name).toBe('RLDS');
    const said = await verifyDataset(path).then(
      (found) => problemsOf(found).join('\n'),
      (error: Error) => error.message,
    );
    expect(said).toMatch(says);
  });

  it('a shard that is compressed as a whole is read', async () => {
    const [found, sound] = [await readAll(copyOf('gzipped')), await readAll(VECTORS)];
    expect(found.map(({ columns }) => [...columns.values()].map(digestOf))).toEqual(
      sound.map(({ columns }) => [...columns.values()].map(digestOf)),
    );
  });

  it('without dataset_info.json the files are known by their names', async () => {
    const path = copyOf('no-dataset-info');
    rmSync(join(path, 'dataset_info.json'));
    const found = await verifyDataset(path);
    expect(problemsOf(found)).toEqual([]);
    expect(found.episodes).toBe(12);
    expect(found.notes.join()).toContain('no dataset_info.json');
  });

  it('names of files never lead out of the folder', async () => {
    const path = copyOf('no-dataset-info');
    const file = join(path, 'dataset_info.json');
    cpSync(join(VECTORS, 'dataset_info.json'), file);
    writeFileSync(file, readFileSync(file, 'utf8').replace('{DATASET}-', '../{DATASET}-'));
    await expect(openDataset(path)).rejects.toThrow(/filepathTemplate.*leads out/);
  });
});

describe('files of array_record', () => {
  const folder = folderOfTests();
  const path = join(folder, 'arrays');

  it('hold the same episodes as those of TFRecord', async () => {
    const contents = async (dataset: string) =>
      (await readAll(dataset)).map(({ episode, columns }) => [
        episode.seed,
        ...[...columns].map(([name, column]) => [name, digestOf(column)]),
      ]);
    const found = await contents(ARRAYS);
    expect(found).toHaveLength(12);
    expect(found).toEqual(await contents(VECTORS));
  });

  it('are refused by their names where they are cut off or damaged', async () => {
    cpSync(ARRAYS, path, { recursive: true });
    const shard = join(path, 'point_vector-train.array_record-00000-of-00003');
    const whole = readFileSync(shard);
    const said = async () => problemsOf(await verifyDataset(path)).join();
    writeFileSync(shard, whole.subarray(0, 65536));
    expect(await said()).toContain('it lacks the end of an ArrayRecord file');
    whole[130] ^= 1;
    writeFileSync(shard, whole);
    expect(await said()).toContain('chunk at byte 64 has damaged data: their hash is another');
  });
});
