import { Command } from 'commander';
import { byteSize } from '../byte_size.js';
import { printResult } from '../console.js';
import { consoleTable } from '../console_table.js';
import { datasetRoots } from '../datasets/catalog/dataset_roots.js';
import { type ListedDataset, listDatasets, listFolderDatasets } from '../datasets/catalog/list_datasets.js';
import { shortenHome } from '../files/paths.js';
import { path } from './arguments.js';
import { interruptible } from './interruptible.js';

/** The command `rlpd data list [folder]`. */
export function dataListCommand(): Command {
  return new Command('list')
    .description(
      'list datasets below a folder, or where Minari, ManiSkill, TFDS, LeRobot and this program keep them; every command takes such a name for a path',
    )
    .argument('[folder]', 'where to look (default: all of these)', path)
    .action(async (folder: string | undefined) => {
      await interruptible(async (signal) => {
        if (folder !== undefined) {
          await printResult(listText(folder, await listFolderDatasets(folder, { signal })));
          return;
        }
        const roots = await listDatasets({ signal });
        const texts = roots.map(({ name, folder: root, datasets }) =>
          listText(`${name}, ${shortenHome(root)}`, datasets),
        );
        const folders = datasetRoots().map((root) => shortenHome(root.folder));
        await printResult(
          texts.length > 0 ? texts.join('\n') : `none of these folders is there: ${folders.join(', ')}`,
        );
      });
    });
}

function listText(title: string, datasets: readonly ListedDataset[]): string {
  if (datasets.length === 0) return `${title}: no datasets`;
  const table = consoleTable({
    head: ['dataset', 'format', 'episodes', 'size'],
    rows: datasets.map(({ id, format, episodes, bytes }) => [
      id,
      format,
      episodes === null ? '-' : String(episodes),
      byteSize(bytes),
    ]),
    textColumns: 2,
    notes: { head: '', texts: datasets.map(({ problem }) => problem ?? '') },
  });
  return `${title}\n${table}`;
}
