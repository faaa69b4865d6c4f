import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** The rooms that run on any platform. All others are Node's by nature; docs/architecture.md says why. */
const SHARED = [
  'envs',
  'src/algorithms',
  'src/compile',
  'src/learner',
  'src/nn',
  'src/rollout',
  'src/threads',
  'src/buffers',
  'src/bytes.ts',
  'src/errors.ts',
  'src/rng.ts',
];

/** The edge itself: its contract, and for each part the choice of a platform. */
const EDGE = 'src/runtime';
const NODES_PART = 'src/runtime/node';

/** Packages that run in a page too. */
const PACKAGES = [
  '@dimforge/rapier3d-simd-compat',
  '@mujoco/mujoco',
  '@tensorflow/tfjs',
  '@tensorflow/tfjs-backend-wasm',
  'fastest-levenshtein',
  'onnx-proto',
  'zod',
];

const GLOBALS_OF_NODE = /\b(?:Buffer|setImmediate|__dirname|__filename|process\.|require\()/g;

function sourcesIn(room: string): string[] {
  if (statSync(room).isFile()) return [room];
  const names = readdirSync(room, { recursive: true, encoding: 'utf8' }).map((name) => join(room, name));
  return names.filter((path) => path.endsWith('.ts') && !path.startsWith(NODES_PART));
}

/** The code of a module without its comments. */
function codeOf(path: string): string {
  return readFileSync(path, 'utf8').replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*/g, '');
}

/** All that is Node's in these modules and in what they import, types too: each with the imports that lead to it. */
function findNode(paths: readonly string[]): string[] {
  const found: string[] = [];
  const chains = paths.map((path) => [path]);
  const seen = new Set(paths);
  for (const chain of chains) {
    const path = chain.at(-1)!;
    const code = codeOf(path);
    const report = (problem: string) => found.push(`${chain.join(' > ')}: ${problem}`);
    for (const [name] of code.matchAll(GLOBALS_OF_NODE)) report(`uses ${name}`);
    for (const [, target] of code.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g)) {
      if (!target.startsWith('.')) {
        if (!PACKAGES.includes(target)) report(`imports ${target}`);
        continue;
      }
      const module = join(dirname(path), target.replace(/\.js$/, '.ts'));
      if (module.startsWith(NODES_PART)) {
        if (dirname(path) !== EDGE) report(`imports ${module} past the choice of a platform`);
      } else if (!seen.has(module)) {
        seen.add(module);
        chains.push([...chain, module]);
      }
    }
  }
  return found;
}

describe('the rooms that any platform shares', () => {
  it.each([...SHARED, EDGE])('%s has nothing of Node', (room) => {
    expect(findNode(sourcesIn(room))).toEqual([]);
  });

  it('and all others are listed in docs/architecture.md', () => {
    const [, listed] = readFileSync('docs/architecture.md', 'utf8').split(/^## Platforms$/m);
    const rooms = readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const unlisted = ['envs', ...rooms.map(({ name }) => `src/${name}`)].filter(
      (room) => !listed.includes(`\`${room}\``),
    );
    expect(unlisted).toEqual([]);
  });
});

it('use of Node is found with the imports that lead to it', () => {
  const found = findNode(['src/sweep/estimate.ts']);
  expect(found).toContain('src/sweep/estimate.ts: imports node:fs');
  expect(found.filter((line) => / > src\/.*: uses process\.$/.test(line))).not.toEqual([]);
});

it('workers are started in one place, src/runtime/node', () => {
  const elsewhere = ['envs', 'scripts', 'src'].flatMap(sourcesIn);
  expect(elsewhere.filter((path) => /\bnew Worker\(/.test(codeOf(path)))).toEqual([]);
});
