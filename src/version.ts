import { existsSync, readFileSync } from 'node:fs';

interface PackageFacts {
  version: string;
  dependencies: Record<string, string>;
}

/** This package's own `package.json`, found upwards from here: the sources and `dist` lie at different depths. */
export function packageFacts(): PackageFacts {
  let url = new URL('package.json', import.meta.url);
  while (!existsSync(url)) url = new URL('../package.json', url);
  return JSON.parse(readFileSync(url, 'utf8'));
}
