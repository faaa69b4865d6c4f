import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cardFiles, writeCard } from '../../../../src/datasets/card/write_card.js';
import { verifyDataset } from '../../../../src/datasets/registry.js';
import { problemsOf } from '../../../../src/datasets/verification.js';
import { folderOfTests } from '../../../temporary_folder.js';

const folder = folderOfTests();
const FACTS = { title: 'A set | of mine', description: 'Swings.', licence: 'mit', made: 'rlpd make_demos' };

function copied(source: string, name: string): string {
  const path = join(folder, name);
  cpSync(source, path, { recursive: true });
  return path;
}

describe('the card of a dataset in a folder', () => {
  const path = copied('test/fixtures/minari/pendulum', 'pendulum');

  it('says what is in it, how it was made, and its licence', async () => {
    const { readme, histograms } = await writeCard(path, FACTS);
    const text = readFileSync(readme, 'utf8');
    expect(readme).toBe(join(path, 'README.md'));
    expect(text).toMatch(/^---\nlicense: mit\n/);
    expect(text).toContain('# A set | of mine\n\nSwings.');
    expect(text).toContain('| episodes | 6 |\n| steps | 144 |');
    expect(text).toContain('```sh\nrlpd make_demos\n```');
    expect(text).toContain('![Histograms of all columns](histograms.svg)');
    // By numpy, of the first number of all observations.
    expect(text).toMatch(/\| observations, 0 \| float32 \[3\] \| -0\.03266 \| 0\.73 \|/);
    expect(readFileSync(histograms, 'utf8')).toMatch(/^<svg/);
  });

  it('leaves the dataset sound, and is not written over', async () => {
    expect(problemsOf(await verifyDataset(path))).toEqual([]);
    await expect(writeCard(path, FACTS)).rejects.toThrow(
      /README\.md exists already; nothing is written over/,
    );
  });
});

it("a LeRobot dataset's card has the header by which the hub knows it", async () => {
  const path = copied('test/fixtures/lerobot/state_only', 'state_only');
  const { readme } = await writeCard(path, { ...FACTS, description: null, made: null });
  const text = readFileSync(readme, 'utf8');
  expect(text).toContain('tags:\n- LeRobot\n');
  expect(text).toContain('configs:\n- config_name: default\n  data_files: data/*/*.parquet\n---');
  expect(text).not.toContain('How it was made');
});

it('the card of a file lies beside it', () => {
  writeFileSync(join(folder, 'x.hdf5'), '');
  expect(cardFiles(join(folder, 'x.hdf5'))).toEqual({
    readme: join(folder, 'x.README.md'),
    histograms: join(folder, 'x.histograms.svg'),
  });
});

it('a dataset with problems gets no card', async () => {
  const path = copied('test/fixtures/minari/pendulum', 'broken');
  const json = join(path, 'data', 'metadata.json');
  const file = existsSync(json) ? json : join(path, 'metadata.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/"total_steps": \d+/, '"total_steps": 7'));
  await expect(writeCard(path, FACTS)).rejects.toThrow(/has problems, which data verify lists: no card/);
  expect(existsSync(join(path, 'README.md'))).toBe(false);
});
