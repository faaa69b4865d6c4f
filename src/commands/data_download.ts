import { Command, InvalidArgumentError } from 'commander';
import { isWebAddress } from '../download/http.js';
import { path } from './arguments.js';
import type { DownloadFlags } from './run_download.js';

/** The command `rlpd data download [env_id]`. */
export function dataDownloadCommand(): Command {
  return (
    new Command('download')
      .description("fetch ManiSkill's published demonstrations, or a dataset from any address")
      .argument('[env_id]', 'the task; leave it out to see what is published', plainName)
      .option(
        '-o, --output-dir <folder>',
        "the files go into the task's folder in there (default: ~/.rlpd/demos)",
        path,
      )
      .option('--url <address>', 'a .zip file, or a .h5 file with its .json beside it', webAddress)
      .option('--sha256 <hex>', 'with --url: what the file has to have', sha256Digits)
      .option('--revision <name>', "the hub's branch, tag or commit (default main)")
      .option('--overwrite', 'replace files that exist', false)
      .option('--quiet', 'no progress, no report', false)
      // Loaded by this command alone: the others on data wait for no hub.
      .action(async (envId: string | undefined, flags: DownloadFlags, command: Command) => {
        const { runDownload } = await import('./run_download.js');
        await runDownload(envId, flags, command);
      })
  );
}

function plainName(text: string): string {
  if (!/^\w[\w.-]*$/.test(text)) throw new InvalidArgumentError('Expected a name such as PickCube-v1.');
  return text;
}

function webAddress(text: string): string {
  if (!isWebAddress(text)) throw new InvalidArgumentError('Expected an http or https address.');
  if (new URL(text).username !== '')
    throw new InvalidArgumentError('Names and passwords in it are not used.');
  return text;
}

function sha256Digits(text: string): string {
  if (!/^[0-9a-f]{64}$/i.test(text)) throw new InvalidArgumentError('Expected 64 hexadecimal digits.');
  return text.toLowerCase();
}
