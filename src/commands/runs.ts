import { Command, Option } from 'commander';
import { printResult } from '../console.js';
import { listRuns, SORT_KEYS, type SortKey } from '../runs/listing.js';
import { runsTable } from '../runs/runs_table.js';
import { path } from './arguments.js';

/** The command `rlpd runs [folder] [--json] [--sort success]`. */
export function runsCommand(): Command {
  return new Command('runs')
    .description('list the runs in a folder: how they stand, how well they do, what they changed')
    .argument('[folder]', 'the folder of the runs, or of a sweep', path, 'exps')
    .option('--json', 'print a JSON array', false)
    .addOption(new Option('--sort <key>', 'the order').choices(SORT_KEYS).default('name'))
    .action(async (folder: string, { json, sort }: { json: boolean; sort: SortKey }) => {
      const runs = listRuns(folder, sort);
      if (json) await printResult(JSON.stringify(runs, null, 2));
      else await printResult(runs.length > 0 ? runsTable(runs) : `${folder}: no runs yet`);
    });
}
