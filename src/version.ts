import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface PackageFacts {
  version: string;
  dependencies: Record<string, string>;
}

/** The parts of this package's own `package.json` that the program uses. */
export function packageFacts(): PackageFacts {
  return JSON.parse(readFileSync(packagePath('package.json'), 'utf8'));
}

/** The path of a file of this package, whose folder is found upwards from here: the sources and `dist` lie at different depths. */
export function packagePath(name: string): string {
  let url = new URL('package.json', import.meta.url);
  while (!existsSync(url)) url = new URL('../package.json', url);
  return join(dirname(fileURLToPath(url)), name);
}
