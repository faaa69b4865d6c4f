import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The path of a dataset in `test/fixtures/demos`. */
export function demoFixture(name: string): string {
  return fileURLToPath(new URL(`../../../../fixtures/demos/${name}.h5`, import.meta.url));
}

/** Copies the fixture `pick_cube` to `<folder>/<name>.h5`, after changing the text of its json. */
export async function copyWithJson(
  folder: string,
  name: string,
  change: (json: string) => string,
): Promise<string> {
  const source = demoFixture('pick_cube');
  const path = join(folder, `${name}.h5`);
  await writeFile(path, await readFile(source));
  const json = await readFile(source.replace(/h5$/, 'json'), 'utf8');
  await writeFile(path.replace(/h5$/, 'json'), change(json));
  return path;
}
