import { Command } from 'commander';
import { printResult } from '../console.js';
import { datasetInfo, type InfoOptions } from '../datasets/info.js';
import { formatsText, verifyDataset } from '../datasets/registry.js';
import { isBad, problemsOf, type Verification } from '../datasets/verification.js';
import { path } from './arguments.js';
import { dataCardCommand } from './data_card.js';
import { dataCombineCommand } from './data_combine.js';
import { dataConvertCommand } from './data_convert.js';
import { counted, describeDataset } from './data_description.js';
import { dataDiffCommand } from './data_diff.js';
import { dataDownloadCommand } from './data_download.js';
import { dataExperienceCommand } from './data_experience.js';
import { dataFilterCommand } from './data_filter.js';
import { dataHeadCommand } from './data_head.js';
import { dataListCommand } from './data_list.js';
import { dataRepairCommand } from './data_repair.js';
import { dataSampleCommand } from './data_sample.js';
import { dataSplitCommand } from './data_split.js';
import { dataStatsCommand } from './data_stats.js';
import { withReadingProgress } from './reading_progress.js';

/** The commands `rlpd data …`. */
export function dataCommand(): Command {
  const info = readingCommand('info', 'say what it holds', async (file, options) => {
    const found = await datasetInfo(file, options);
    return { found, text: describeDataset(found) };
  });
  const verify = readingCommand('verify', 'list everything that is wrong', async (file, options) => {
    const found = await verifyDataset(file, options);
    return { found, text: verdict(file, found) };
  });
  const data = new Command('data').description('look at datasets, make others of them, and get some');
  const making = [
    dataConvertCommand(),
    dataRepairCommand(),
    dataCombineCommand(),
    dataSplitCommand(),
    dataFilterCommand(),
    dataSampleCommand(),
    dataCardCommand(),
  ];
  const getting = [dataExperienceCommand(), dataDownloadCommand()];
  const looking = [info, verify, dataHeadCommand(), dataStatsCommand(), dataDiffCommand(), dataListCommand()];
  for (const command of [...looking, ...making, ...getting]) {
    data.addCommand(command.exitOverride());
  }
  return data;
}

/** A command that reads a whole dataset, prints a text, and has exit code 1 if anything is wrong in the dataset. */
function readingCommand(
  name: string,
  description: string,
  read: (path: string, options: InfoOptions) => Promise<{ found: Verification; text: string }>,
): Command {
  return new Command(name)
    .description(`read a whole dataset and ${description}; exit code 1 if anything is wrong in it`)
    .argument('<path>', `a dataset: ${formatsText()}`, path)
    .action((file: string) =>
      withReadingProgress(async (options) => {
        const { found, text } = await read(file, options);
        if (isBad(found)) process.exitCode = 1;
        await printResult(text);
      }),
    );
}

function verdict(path: string, verification: Verification): string {
  const { episodes, steps, episodeProblems, notes } = verification;
  const read = `${path}: ${counted(episodes, 'episode')}, ${counted(steps, 'step')}`;
  const noted = notes.map((note) => `  note: ${note}`);
  if (!isBad(verification)) return [`${read}: no problems`, ...noted].join('\n');
  const problems = problemsOf(verification);
  const bad = episodeProblems.size > 0 ? `; bad episodes: ${[...episodeProblems.keys()].join(', ')}` : '';
  const total = `${counted(problems.length, 'problem')}${bad}`;
  return [read, ...problems.map((text) => `  ${text}`), ...noted, total].join('\n');
}
