import { Command } from 'commander';
import { commandText } from '../command_text.js';
import { printResult } from '../console.js';
import { consoleWidth, wrapText } from '../console_text.js';
import {
  type DatasetInfo,
  datasetInfo,
  type InfoOptions,
} from '../datasets/formats/maniskill/dataset_info.js';
import { controlModesOf } from '../datasets/formats/maniskill/json.js';
import {
  isBad,
  problemsOf,
  type Verification,
  verifyDataset,
} from '../datasets/formats/maniskill/verify_dataset.js';
import { path } from './arguments.js';
import { dataDownloadCommand } from './data_download.js';
import { withReadingProgress } from './reading_progress.js';

/** The commands `rlpd data info <file.h5>`, `rlpd data verify <file.h5>` and `rlpd data download <env_id>`. */
export function dataCommand(): Command {
  const info = readingCommand('info', 'say what it holds', async (file, options) => {
    const found = await datasetInfo(file, options);
    return { found, text: describe(found) };
  });
  const verify = readingCommand('verify', 'list everything that is wrong', async (file, options) => {
    const found = await verifyDataset(file, options);
    return { found, text: verdict(file, found) };
  });
  const data = new Command('data').description('look at datasets in the format of ManiSkill, and fetch them');
  for (const command of [info, verify, dataDownloadCommand()]) data.addCommand(command.exitOverride());
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
    .argument('<file>', 'the .h5 file; its .json is found beside it', path)
    .action((file: string) =>
      withReadingProgress(async (options) => {
        const { found, text } = await read(file, options);
        if (isBad(found)) process.exitCode = 1;
        await printResult(text);
      }),
    );
}

function describe(info: DatasetInfo): string {
  const { record, lengths, actionRange, withRewards, withEnvStates } = info;
  const { episodes, steps } = info;
  const share = (count: number) => `${count} (${((100 * count) / episodes).toFixed(1)} %)`;
  const presence = (count: number) => (count === episodes ? '' : `, in ${count} of ${episodes} episodes`);
  const problems = problemsOf(info).length;
  const rows: [string, string][] = [
    ['size', `${info.sizeBytes.toLocaleString('en-US')} bytes`],
    ['sha256', info.sha256],
    ['task', `${record.envId ?? 'unknown'}, horizon ${record.maxEpisodeSteps ?? 'unknown'}`],
    ['source', record.source ?? 'unknown'],
    ['control mode', controlModesOf(record).join(', ') || 'unknown'],
    ['observations', `${record.obsMode ?? 'mode unknown'}: ${parts(info.observations)}`],
    ['rewards', withRewards ? `${record.rewardMode ?? 'mode unknown'}${presence(withRewards)}` : 'none'],
    ['env_states', withEnvStates ? `${parts(info.envStates)}${presence(withEnvStates)}` : 'none'],
    ['episodes', `${episodes}, ${counted(steps, 'step')}`],
  ];
  if (lengths.length > 0) {
    const [shortest, median, longest] = [lengths[0], lengths[lengths.length >> 1], lengths.at(-1)];
    rows.push(['lengths', `min ${shortest}, median ${median}, max ${longest}`]);
    rows.push(['success', `once ${share(info.successOnce)}, at end ${share(info.successAtEnd)}`]);
  }
  actionRange?.min.forEach((low, i) => {
    rows.push([`action ${i}`, `${low.toFixed(4)} to ${actionRange.max[i].toFixed(4)}`]);
  });
  if (problems > 0) {
    rows.push(['problems', `${problems}, listed by: ${commandText('data', 'verify', info.path)}`]);
  }
  rows.push(...info.notes.map((note): [string, string] => ['note', note]));
  return [info.path, ...rows.flatMap(factLines)].join('\n');
}

/**
 * The lines of a fact: ` name value`; if that is too long, the rest of the value stands below its beginning.
 */
function factLines([name, value]: [string, string]): string[] {
  const indent = 16;
  const lines = wrapText(value, consoleWidth() - indent);
  return lines.map((line, i) => `${(i === 0 ? `  ${name}` : '').padEnd(indent)}${line}`);
}

/** Sizes of arrays: `[42]`, or `actors/cube [13], …`. */
function parts(shapes: ReadonlyMap<string, readonly number[]>): string {
  const texts = [...shapes].map(([name, shape]) => `${name} [${shape.join(', ')}]`.trim());
  return texts.join(', ') || 'none';
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

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
