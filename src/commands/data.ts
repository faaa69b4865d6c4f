import { Command } from 'commander';
import { type DatasetInfo, datasetInfo } from '../data/dataset_info.js';
import { type Verification, verifyDataset } from '../data/verify_dataset.js';
import { expandHome } from '../files/paths.js';
import { dataDownloadCommand } from './data_download.js';

/** `rlpd data info <file.h5>`, `rlpd data verify <file.h5>` and `rlpd data download <env_id>` */
export function dataCommand(): Command {
  const info = new Command('info')
    .description('say what a dataset holds')
    .argument('<file>', 'the .h5 file; its .json is found beside it')
    .action(async (path: string) => console.log(describe(await datasetInfo(expandHome(path)))));
  const verify = new Command('verify')
    .description('read a whole dataset and list everything that is wrong; exit code 1 if anything is')
    .argument('<file>', 'the .h5 file; its .json is found beside it')
    .action(async (path: string) => {
      const verification = await verifyDataset(expandHome(path));
      console.log(verdict(path, verification));
      if (isBad(verification)) process.exitCode = 1;
    });
  const data = new Command('data').description('look at datasets in the format of ManiSkill, and fetch them');
  for (const command of [info, verify, dataDownloadCommand()]) data.addCommand(command.exitOverride());
  return data;
}

function describe(info: DatasetInfo): string {
  const { lengths, actionRange, withRewards, withEnvStates } = info;
  const episodes = lengths.length;
  const steps = lengths.reduce((sum, length) => sum + length, 0);
  const share = (count: number) => `${count} (${((100 * count) / episodes).toFixed(1)} %)`;
  const presence = (count: number) => (count === episodes ? '' : `, in ${count} of ${episodes} episodes`);
  const rows: [string, string][] = [
    ['size', `${info.sizeBytes.toLocaleString('en-US')} bytes`],
    ['sha256', info.sha256],
    ['task', `${info.envId ?? 'unknown'}, horizon ${info.maxEpisodeSteps ?? 'unknown'}`],
    ['source', info.source ?? 'unknown'],
    ['control mode', info.controlModes.join(', ') || 'unknown'],
    ['observations', `${info.obsMode ?? 'mode unknown'}: ${parts(info.observations)}`],
    ['rewards', withRewards ? `${info.rewardMode ?? 'mode unknown'}${presence(withRewards)}` : 'none'],
    ['env_states', withEnvStates ? `${parts(info.envStates)}${presence(withEnvStates)}` : 'none'],
    ['episodes', `${episodes}, ${counted(steps, 'step')}`],
    ['lengths', `min ${lengths[0]}, median ${lengths[episodes >> 1]}, max ${lengths[episodes - 1]}`],
    ['success', `once ${share(info.successOnce)}, at end ${share(info.successAtEnd)}`],
    ...[...actionRange.min].map((low, i): [string, string] => [
      `action ${i}`,
      `${low.toFixed(4)} to ${actionRange.max[i].toFixed(4)}`,
    ]),
    ...info.notes.map((note): [string, string] => ['note', note]),
  ];
  return [info.path, ...rows.map(([name, value]) => `  ${name.padEnd(14)}${value}`)].join('\n');
}

/** Sizes of arrays: `[42]`, or `actors/cube [13], …`. */
function parts(shapes: ReadonlyMap<string, readonly number[]>): string {
  const texts = [...shapes].map(([name, shape]) => `${name} [${shape.join(', ')}]`.trim());
  return texts.join(', ') || 'none';
}

function isBad({ fileProblems, episodeProblems }: Verification): boolean {
  return fileProblems.length > 0 || episodeProblems.size > 0;
}

function verdict(path: string, verification: Verification): string {
  const { episodes, steps, fileProblems, episodeProblems, notes } = verification;
  const read = `${path}: ${counted(episodes, 'episode')}, ${counted(steps, 'step')}`;
  const noted = notes.map((note) => `  note: ${note}`);
  if (!isBad(verification)) return [`${read}: no problems`, ...noted].join('\n');
  const problems = [...fileProblems, ...[...episodeProblems.values()].flat()];
  const bad = episodeProblems.size > 0 ? `; bad episodes: ${[...episodeProblems.keys()].join(', ')}` : '';
  const total = `${counted(problems.length, 'problem')}${bad}`;
  return [read, ...problems.map((text) => `  ${text}`), ...noted, total].join('\n');
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
