import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/** Exceptions: where commands are made, and where a build is missing, which an installed package has. */
const EXCEPTIONS = ['src/command_text.ts', 'src/runtime/node/worker_entry.ts'];

it('printed commands come from commandText, so that they work in a clone and in an installed package', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).map((name) => join('src', name));
  const sources = files.filter((path) => path.endsWith('.ts') && !EXCEPTIONS.includes(path));
  expect(sources.length).toBeGreaterThan(100);
  const offenders = sources.filter((path) => /npx rlpd|npm run /.test(readFileSync(path, 'utf8')));
  expect(offenders).toEqual([]);
});
