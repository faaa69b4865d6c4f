import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ENTRIES = ['dist/src/index.d.ts', 'dist/envs/index.d.ts', 'dist/src/datasets/index.d.ts'];

/** Types of the inside, which a program gets or passes on as a part of something else and has no use for. */
const INSIDE = [
  'BoxData',
  'Graph',
  'PackedLayout',
  'PandaWorld',
  'ParameterTable',
  'RigidBodyData',
  'SceneBody',
];

/** The text of a module of declarations, without comments. */
const textOf = (path: string) => readFileSync(path, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');

/** The parts of this package that a module imports, or exports again: `path#name`, by the names that it gives them. */
function fromElsewhere(path: string, keyword: 'import' | 'export'): Map<string, string> {
  const clauses = textOf(path).matchAll(
    new RegExp(`^${keyword} (?:type )?\\{([^}]*)\\} from '(\\.[^']+)'`, 'gm'),
  );
  return new Map(
    [...clauses].flatMap(([, names, module]) =>
      [...names.matchAll(/(\w+)(?: as (\w+))?(?=\s*(?:,|$))/g)].map(([, name, renamed = name]) => {
        const file = join(path, '..', module).replaceAll('\\', '/').replace(/js$/, 'd.ts');
        return [renamed, original(`${file}#${name}`)] as const;
      }),
    ),
  );
}

/** The place where `path#name` is declared. */
function original(place: string): string {
  const [path, name] = place.split('#');
  return fromElsewhere(path, 'export').get(name) ?? place;
}

/** The declarations in a module, by their names: of a function with several forms, all. */
function declarations(path: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const text of textOf(path).split(/^(?=export |declare |type |interface |import )/m)) {
    const [, name] =
      /^(?:export )?(?:declare )?(?:abstract )?(?:class|interface|type|function|const) (\w+)/.exec(text) ??
      [];
    if (name !== undefined) found.set(name, (found.get(name) ?? '') + text);
  }
  return found;
}

/** The types of this package in the declaration of `path#name`, but for private members and what only its module knows. A constant after `typeof` is no type. */
function typesIn(place: string): string[] {
  const [path, name] = place.split('#');
  const own = declarations(path);
  const imported = fromElsewhere(path, 'import');
  const text = own
    .get(name)!
    .replace(/^\s*private .*$/gm, '')
    .replace(/'[^']*'|\btypeof \w+/g, '');
  const words = [...text.matchAll(/(?<![.\w#])[A-Z]\w*/g)].map(([word]) => word);
  return words.flatMap(
    (word) => imported.get(word) ?? (own.get(word)?.startsWith('export') ? `${path}#${word}` : []),
  );
}

it('a program can name the types of all that is exported', () => {
  const exported = new Set(ENTRIES.flatMap((entry) => [...fromElsewhere(entry, 'export').values()]));
  expect(exported.size).toBeGreaterThan(150);
  const lacking = [...exported].flatMap(typesIn).filter((type) => !exported.has(type));
  expect([...new Set(lacking.map((type) => type.split('#')[1]))].toSorted()).toEqual(INSIDE);
});
