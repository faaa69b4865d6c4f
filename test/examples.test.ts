import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { folderOfTests } from './temporary_folder.js';

/** The last words of each example. */
const SAID: Readonly<Record<string, RegExp>> = {
  random_agent:
    /^return: mean \d+\.\d+, median .*\n.*\nsuccess at the end in \d+ % of 50 episodes\nlength: 50 steps\n$/,
  own_agent: /^success at some step in 100 % of 20 episodes,\n/,
  own_algorithm: /^step 400: critic_loss 0\.\d+\nreturn \d+\.\d+, /m,
  own_dataset: /^2000 updates: return -\d\.\d+\n$/m,
  own_format: /^2 episodes, 3 steps, 0 problems\n$/,
  own_task: /^touches the ball in \d+ % of 20 episodes\n$/m,
};

const CONFIGURATION = {
  compilerOptions: {
    module: 'nodenext',
    target: 'es2022',
    strict: true,
    types: ['node'],
    skipLibCheck: true,
  },
};

describe('in an empty folder in which the package is installed', () => {
  const folder = folderOfTests();
  const run = (program: string, ...words: string[]) =>
    execFileSync(program, words, { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32' });

  beforeAll(() => {
    install(folder);
    const examples = join(folder, 'node_modules/rlpd/examples');
    cpSync(examples, folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(CONFIGURATION));
    run('node', resolve('node_modules/typescript/bin/tsc'));
  }, 180_000);

  it('there is an example for each thing that a user writes', () => {
    const names = readdirSync(folder).filter((name) => name.endsWith('.ts'));
    expect(names.map((name) => name.replace('.ts', '')).toSorted()).toEqual(Object.keys(SAID).toSorted());
    for (const name of names)
      expect(readFileSync(join(folder, name), 'utf8').split('\n').length, name).toBeLessThanOrEqual(61);
  });

  it.each(Object.keys(SAID))('%s runs', (name) => {
    expect(run('node', `${name}.js`)).toMatch(SAID[name]);
  });
});

/**
 * Does what `npm install <tarball>` does, without the network: the package as it is packed, beside the packages that it
 * depends on and no others.
 */
function install(folder: string): void {
  // The tests run after a build; scripts would build again.
  const words = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder];
  const shell = process.platform === 'win32';
  const tarball = execFileSync('npm', words, { encoding: 'utf8', shell }).trim();
  execFileSync('tar', ['-xzf', tarball], { cwd: folder });
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  renameSync(join(folder, 'package'), join(modules, 'rlpd'));
  const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
  for (const name of [...Object.keys(dependencies), '@types/node']) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(resolve('node_modules', name), join(modules, name), 'junction');
  }
}
