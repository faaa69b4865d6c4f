import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { convertDataset, writeDataset } from '../../../../src/datasets/conversion/convert.js';
import type { WritableFormat } from '../../../../src/datasets/format.js';
import { verifyDataset, WRITABLE_FORMATS } from '../../../../src/datasets/registry.js';
import { problemsOf } from '../../../../src/datasets/verification.js';
import { UserError } from '../../../../src/errors.js';
import { folderOfTest } from '../../../temporary_folder.js';
import { datasetOf, floats, plainEpisode } from '../everything.js';

const OUTPUTS: Record<string, string> = { d4rl: 'made.hdf5', minari: 'made-v0' };
const FORMATS = Object.entries(OUTPUTS).map(([name, output]): [string, WritableFormat, string] => [
  name,
  WRITABLE_FORMATS.get(name)!,
  output,
]);

describe.each(FORMATS)('%s', (_, format, output) => {
  it('has what was written, is sound, and has no other files', async () => {
    const folder = folderOfTest();
    const path = join(folder, output);
    const said: string[] = [];
    const conversion = await writeDataset(datasetOf([plainEpisode(0), plainEpisode(1, 5)]), format, path, {
      onWritten: (done, total) => said.push(`written ${done} of ${total}`),
      onVerified: (done, total) => said.push(`verified ${done} of ${total}`),
    });
    expect(conversion).toMatchObject({ episodes: 2, steps: 8 });
    expect(said).toEqual(['written 1 of 2', 'written 2 of 2', 'verified 1 of 2', 'verified 2 of 2']);
    expect(problemsOf(await verifyDataset(path))).toEqual([]);
    expect(readdirSync(folder)).toEqual([output]);
  });

  it('writes over nothing', async () => {
    const folder = folderOfTest();
    const path = join(folder, output);
    writeFileSync(path, 'precious');
    await expect(writeDataset(datasetOf([plainEpisode(0)]), format, path)).rejects.toThrow(
      `${path} exists already`,
    );
    expect(readFileSync(path, 'utf8')).toBe('precious');
    expect(readdirSync(folder)).toEqual([output]);
  });

  it('writes over nothing that came while it wrote', async () => {
    const folder = folderOfTest();
    const path = join(folder, output);
    const meanwhile = { onVerified: () => writeFileSync(path, 'precious') };
    await expect(writeDataset(datasetOf([plainEpisode(0)]), format, path, meanwhile)).rejects.toThrow(
      `${path} exists already`,
    );
    expect(readFileSync(path, 'utf8')).toBe('precious');
    expect(readdirSync(folder)).toEqual([output]);
  });

  it.each(['onWritten', 'onVerified'] as const)('leaves nothing when it is stopped at %s', async (moment) => {
    const folder = folderOfTest();
    const signal = { aborted: false };
    const stop = () => {
      signal.aborted = true;
    };
    const episodes = [plainEpisode(0), plainEpisode(1)];
    await expect(
      writeDataset(datasetOf(episodes), format, join(folder, output), { [moment]: stop, signal }),
    ).rejects.toThrow('interrupted');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('leaves nothing when an episode has another shape, which it names', async () => {
    const folder = folderOfTest();
    const wide = { ...plainEpisode(1), observations: new Map([['', floats(4, 3)]]) };
    const writing = writeDataset(datasetOf([plainEpisode(0), wide]), format, join(folder, output));
    await expect(writing).rejects.toThrow(UserError);
    await expect(writing).rejects.toThrow(/full 1.*observations/);
    await expect(writing).rejects.toThrow('float32 [3]');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('refuses an episode with too few rows, and names the column', async () => {
    const short = { ...plainEpisode(0), actions: new Map([['', floats(2, 1)]]) };
    await expect(writeDataset(datasetOf([short]), format, join(folderOfTest(), output))).rejects.toThrow(
      'full 0/actions has 2 rows; expected 3',
    );
  });

  it('finds out what is not read back as it was written', async () => {
    const folder = folderOfTest();
    const careless: WritableFormat = {
      ...format,
      writing: {
        ...format.writing,
        async create(target, head) {
          const writer = await format.writing.create(target, head);
          const append = writer.append.bind(writer);
          writer.append = (episode) => append({ ...episode, actions: new Map([['', floats(3, 1, 1)]]) });
          return writer;
        },
      },
    };
    await expect(writeDataset(datasetOf([plainEpisode(0)]), careless, join(folder, output))).rejects.toThrow(
      'of full 0, these are not read back as they were written: actions',
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it('takes success for the rewards where there are none, and refuses what has neither', async () => {
    const folder = folderOfTest();
    const sparse = { ...plainEpisode(0), rewards: null };
    const { rows } = await writeDataset(datasetOf([sparse]), format, join(folder, output));
    expect(rows).toContainEqual({ part: 'rewards', fate: 'added', names: [], episodes: 1 });
    const unknown = datasetOf([{ ...sparse, success: null }]);
    await expect(writeDataset(unknown, format, join(folder, `other-${output}`))).rejects.toThrow(
      'full 0 has no rewards, and no success that could stand for them',
    );
  });

  it('refuses paths with other endings', async () => {
    const path = join(folderOfTest(), 'made.txt');
    await expect(writeDataset(datasetOf([plainEpisode(0)]), format, path)).rejects.toThrow(
      `a dataset of ${format.name} is ${format.writing.output}`,
    );
  });
});

it('a dataset with faults as a whole is not converted', async () => {
  const folder = folderOfTest();
  const format = WRITABLE_FORMATS.get('d4rl')!;
  const faulty = datasetOf([plainEpisode(0)], { problems: ['no episode_3'] });
  await expect(writeDataset(faulty, format, join(folder, 'made.hdf5'))).rejects.toThrow('no episode_3');
  await expect(convertDataset('nowhere', format, join(folder, 'made.hdf5'))).rejects.toThrow('nowhere');
  expect(readdirSync(folder)).toEqual([]);
});

it('ManiSkill takes only what was its own before', async () => {
  const folder = folderOfTest();
  const format = WRITABLE_FORMATS.get('maniskill')!;
  await expect(writeDataset(datasetOf([plainEpisode(0)]), format, join(folder, 'made.h5'))).rejects.toThrow(
    /made\.h5: ManiSkill's files say in which task, control mode and horizon.*env_info/,
  );
  expect(readdirSync(folder)).toEqual([]);
});
