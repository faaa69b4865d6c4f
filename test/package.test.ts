import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Packed {
  files: { path: string }[];
}

/** Files that an import of the package, or of a part of it, finds. */
interface Entry {
  types: string;
  default: string;
}

const { bin, exports, scripts } = JSON.parse(readFileSync('package.json', 'utf8'));

describe('the package', () => {
  it('holds the built program with its types, recipes, examples and texts, and no more', () => {
    // The tests run after a build; scripts would build again.
    const json = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      encoding: 'utf8',
      shell: process.platform === 'win32',
    });
    // An array, and from npm 12 on an object.
    const [{ files }] = Object.values<Packed>(JSON.parse(json));
    const paths = files.map(({ path }) => path);
    const programs = paths.filter((path) => /^dist\/(src|envs)\/.*\.(js|d\.ts)$/.test(path));
    expect(programs).toContain(bin.rlpd);
    const [recipes, pages, examples] = ['configs', 'docs', 'examples'].map(filesIn);
    const texts = ['CHANGELOG.md', 'LICENSE', 'README.md', 'exps/README.md', 'package.json'];
    expect(paths.toSorted()).toEqual([...programs, ...recipes, ...pages, ...examples, ...texts].toSorted());
    const entries = Object.values<Entry | string>(exports).flatMap((entry) =>
      typeof entry === 'string' ? [entry] : [entry.types, entry.default],
    );
    expect(paths).toEqual(expect.arrayContaining(entries.map((entry) => entry.replace('./', ''))));
  });

  it('has a program that a shell can start', () => {
    expect(readFileSync(bin.rlpd, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  });

  it('is built before it is packed or installed from git', () => {
    expect(scripts.prepare).toContain('build');
    expect(readFileSync('.npmrc', 'utf8')).not.toContain('ignore-scripts');
  });
});

function filesIn(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => `${parentPath}/${name}`.replaceAll('\\', '/'));
}
