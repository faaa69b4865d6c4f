import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The compiled module, also when the sources themselves are run, as the tests do: threads can't load TypeScript. */
export function workerEntry(importer: string, name: string): URL {
  const beside = new URL(name, importer);
  const entry = importer.endsWith('.ts') ? new URL(beside.href.replace(sourceRoot, compiledRoot)) : beside;
  if (existsSync(entry)) return entry;
  throw new Error(`${fileURLToPath(entry)} is missing: run "npm run build" before using worker threads`);
}

const sourceRoot = new URL('../../../', import.meta.url).href;
const compiledRoot = new URL('../../../dist/', import.meta.url).href;
