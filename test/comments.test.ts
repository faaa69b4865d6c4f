import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const ROOTS = ['src', 'envs', 'scripts', 'examples', 'test'];

/** First words of comments that have to be read twice, since their subject comes late or never. */
const FORBIDDEN = [
  ...['How', 'What', 'When', 'Where', 'Whether', 'Which', 'Who', 'Whose', 'Why'],
  ...['As', 'At', 'By', 'For', 'From', 'If', 'In', 'Of', 'On', 'Over', 'Since', 'To', 'Until', 'With'],
  ...['It', 'Null', 'They', 'Those'],
];

it('documentation comments begin with their subject', () => {
  const sources = ROOTS.flatMap(typescriptFiles);
  expect(sources.length).toBeGreaterThan(500);
  const offenders = sources.flatMap((path) => lateSubjects(readFileSync(path, 'utf8'), path));
  expect(offenders).toEqual([]);
});

it('a comment that begins otherwise is named with its file and line', () => {
  const text = [
    'const a = 1;',
    '/** The end. */',
    '  /**',
    '   * What it is.',
    '   */',
    '/** Of two. */',
  ].join('\n');
  expect(lateSubjects(text, 'a.ts')).toEqual(['a.ts:3: What', 'a.ts:6: Of']);
});

function typescriptFiles(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((name) => `${root}/${name.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.ts'));
}

function lateSubjects(text: string, path: string): string[] {
  const beginnings = text.matchAll(new RegExp(`^[ \\t]*/\\*\\*[\\s*]*(${FORBIDDEN.join('|')})\\b`, 'gm'));
  return [...beginnings].map(({ index, 1: word }) => {
    const line = text.slice(0, index).split('\n').length;
    return `${path}:${line}: ${word}`;
  });
}
