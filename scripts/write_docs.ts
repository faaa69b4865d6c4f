import { writeFileSync } from 'node:fs';
import { referencePage } from '../src/config/reference_page.js';
import { writeDatasetsPage } from './datasets_table.js';
import { writeTaskPictures } from './task_pictures.js';

/** The parts of `docs/` that are made from the code. Pictures change only with a task, its expert or the renderer. */
const PARTS: Readonly<Record<string, () => void | Promise<void>>> = {
  configuration: () => writeFileSync('docs/configuration.md', referencePage()),
  datasets: writeDatasetsPage,
  pictures: writeTaskPictures,
};

const [name = 'configuration'] = process.argv.slice(2);
if (!(name in PARTS)) {
  console.error(`error: no part "${name}"; there are: ${Object.keys(PARTS).join(', ')}`);
  process.exit(1);
}
await PARTS[name]();
