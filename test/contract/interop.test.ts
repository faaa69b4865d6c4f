import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Column, withNames } from '../../src/datasets/column.js';
import { convertDataset, writeDataset } from '../../src/datasets/conversion/convert.js';
import { openDataset, WRITABLE_FORMATS } from '../../src/datasets/registry.js';
import { Hdf5File } from '../../src/datasets/storage/hdf5.js';
import { digestOf } from '../src/datasets/digest.js';
import { datasetOf, fullEpisode } from '../src/datasets/everything.js';
import { folderOfTests } from '../temporary_folder.js';

const SCRIPT = 'test/fixtures/interop/read_with_python.py';
const GOLDEN = 'test/fixtures/interop/expected.json';

/** A Python with minari and h5py, by `RLPD_PYTHON` or on the path; null if there is none. */
const PYTHON =
  [process.env['RLPD_PYTHON'], 'python3'].find(
    (python) => python && spawnSync(python, ['-c', 'import minari, h5py']).status === 0,
  ) ?? null;

type Facts = [dtype: string, shape: number[], sha256: string];
type Arrays = Record<string, Facts>;

/** Conversions whose results are read, by the format and the name of the result. */
const CONVERSIONS: Readonly<Record<string, string>> = {
  'minari=reach-v0': 'test/fixtures/minari/reach',
  'minari=pendulum-v0': 'test/fixtures/minari/pendulum',
  'minari=hopper-v0': 'test/fixtures/d4rl/hopper.hdf5',
  'minari=pick-v0': 'test/fixtures/demos/pick_cube.h5',
  'd4rl=pick.hdf5': 'test/fixtures/demos/pick_cube.h5',
  'd4rl=cartpole.hdf5': 'test/fixtures/d4rl/cartpole_medium.hdf5',
  'd4rl=pendulum.hdf5': 'test/fixtures/minari/pendulum',
  'robomimic=low_dim.hdf5': 'test/fixtures/robomimic/low_dim.hdf5',
  'robomimic=reach.hdf5': 'test/fixtures/minari/reach',
  'minari=lift-v0': 'test/fixtures/robomimic/low_dim.hdf5',
};

const folder = folderOfTests();
const pathOf = (name: string) => join(folder, name.split('=')[1]);

beforeAll(async () => {
  for (const [name, source] of Object.entries(CONVERSIONS)) {
    await convertDataset(source, WRITABLE_FORMATS.get(name.split('=')[0])!, pathOf(name));
  }
  const minari = WRITABLE_FORMATS.get('minari')!;
  await writeDataset(datasetOf([fullEpisode(0), fullEpisode(1)]), minari, pathOf('minari=full-v0'));
}, 60_000);

/** All arrays of a Minari dataset as they are read here, in the words of the script. */
async function minariArrays(path: string): Promise<Arrays[]> {
  const dataset = await openDataset(path);
  const episodes: Arrays[] = [];
  for await (const {
    length,
    observations,
    actions,
    rewards,
    terminated,
    truncated,
    ...rest
  } of dataset.episodes()) {
    const flags = (data: Uint8Array): Column => ({ dtype: 'bool', shape: [length], data });
    const columns: [string, Column][] = [
      ...withNames('observations', observations),
      ...withNames('actions', actions),
      ['rewards', rewards!],
      ['terminations', flags(terminated)],
      ['truncations', flags(truncated)],
      ...(await rest.extras()),
    ];
    episodes.push(Object.fromEntries(columns.map(([name, column]) => [name, factsOf(column)])));
  }
  dataset.close();
  return episodes;
}

/** All arrays of an HDF5 file as they are read here. */
async function hdf5Arrays(path: string): Promise<Arrays> {
  const file = await Hdf5File.open(path);
  const names = file
    .keys('')
    .flatMap((name) =>
      file.kind(name) === 'array' ? [name] : file.arrays(name).map((within) => `${name}/${within}`),
    );
  const arrays = names.filter((name) => file.shape(name).length > 0);
  const facts = arrays.map((name): [string, Facts] => [name, factsOf(file.readColumn(name))]);
  file.close();
  return Object.fromEntries(facts);
}

function factsOf(column: Column): Facts {
  return [column.dtype, [...column.shape], digestOf(column)];
}

const NAMES = [...Object.keys(CONVERSIONS), 'minari=full-v0'];

function readGolden(): Record<string, { arrays: Arrays; contents: { arrays: Arrays }[] }> {
  return JSON.parse(readFileSync(GOLDEN, 'utf8'));
}

describe.each(NAMES)('%s', (name) => {
  it("has the arrays that Python's tools were found to read in it", async () => {
    const golden = readGolden()[name];
    if (!name.startsWith('minari')) expect(await hdf5Arrays(pathOf(name))).toEqual(golden.arrays);
    else expect(await minariArrays(pathOf(name))).toEqual(golden.contents.map(({ arrays }) => arrays));
  });
});

it.skipIf(PYTHON === null)(
  "Python's own tools read what was recorded (skipped without minari and h5py)",
  () => {
    const targets = NAMES.map((name) => `${name.split('=')[0]}=${pathOf(name)}`);
    const { stdout, stderr } = spawnSync(PYTHON!, [SCRIPT, ...targets], {
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    });
    expect(stdout, stderr).not.toBe('');
    if (process.env['RLPD_RECORD']) writeFileSync(GOLDEN, stdout);
    expect(JSON.parse(stdout)).toEqual(readGolden());
  },
  120_000,
);
