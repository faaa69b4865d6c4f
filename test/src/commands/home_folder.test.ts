import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { main } from '../../../src/cli.js';
import { rememberSaid } from '../../said.js';
import { folderOfTest } from '../../temporary_folder.js';
import { writeRun } from '../runs/run_fixture.js';

const DEMOS = resolve('test/fixtures/demos/pick_cube_raw');
const start = process.cwd();
let home: string;
let said: { text: string };

beforeEach(() => {
  home = folderOfTest();
  vi.stubEnv('HOME', home);
  process.chdir(folderOfTest());
  said = rememberSaid();
  for (const ending of ['h5', 'json']) copyFileSync(`${DEMOS}.${ending}`, join(home, `raw.${ending}`));
  writeRun(join(home, 'my runs'), 'a', { evaluations: [[80, 0.5]] });
});
afterEach(() => {
  // The working folder stays empty: nothing is called `~`.
  expect(readdirSync('.')).toEqual([]);
  process.chdir(start);
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  process.exitCode = undefined;
});

describe.skipIf(process.platform === 'win32')('~ in a path that no shell has replaced', () => {
  it.each([
    [['runs', '~/my runs'], /│ a /],
    [['data', 'info', '~/raw.h5'], /raw\.h5\n/],
    [['data', 'verify', '~/raw.h5'], /raw\.h5: 1 episode.*no problems/],
    [['plot', '~/my runs', '--out', '~/a.svg'], /a\.svg: eval\/success_at_end of 1 runs/],
    [['plot', 'label=~/my runs/a', '--out', '~/b.svg'], /b\.svg: .* 1 runs/],
    [['render', '~/raw.h5', '--out', '~/c.png', '--size', '64'], /c\.png: a picture/],
    [['make_demos', '--output', '~/d/e.h5', '--num-episodes', '1'], /e\.h5: 1 episodes/],
    [['replay', '--traj-path', '~/raw.h5', '--save-traj', '--output', '~/f.h5'], /f\.h5, 1 episodes/],
  ])('is the home folder: %j', async (words, answer) => {
    expect(await main(words), said.text).toBe(0);
    expect(said.text).toMatch(answer);
  });

  it('is the home folder of sweeps', async () => {
    expect(await main(['sweep', 'seed=1,2', 'logger.workspace=~/my runs', '--name', 's', '--dry-run'])).toBe(
      0,
    );
    expect(said.text).toContain(`${home}/my runs/s: 2 runs`);
  });

  it('is the home folder where something is missing', async () => {
    for (const words of [
      ['train', '--resume', '~/none'],
      ['train', '~/none.yml'],
      ['train', 'train.dataset_path=~/none.h5'],
      ['eval', '~/none'],
      ['collect', '~/none'],
      ['replay', '--traj-path', '~/none.h5'],
    ]) {
      said.text = '';
      expect(await main(words)).toBe(1);
      expect(said.text).toContain(`${home}/none`);
    }
  });

  it("is no other user's home folder", async () => {
    for (const words of [
      ['runs', '~ann'],
      ['plot', 'label=~ann/a', '--out', 'x.svg'],
      ['make_demos', '--output', '~ann/x.h5'],
      ['train', 'logger.workspace=~ann'],
    ]) {
      said.text = '';
      expect(await main(words)).toBe(1);
      expect(said.text).toMatch(/~ann.*: only ~\/ is known/);
    }
  });

  it('may be the name of a folder if ./ says so', async () => {
    mkdirSync('~');
    expect(await main(['make_demos', '--output', './~/a.h5', '--num-episodes', '1'])).toBe(0);
    expect(existsSync('~/a.h5')).toBe(true);
    rmSync('./~', { recursive: true });
  });
});
