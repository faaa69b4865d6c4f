import { join } from 'node:path';
import type { Command } from 'commander';
import { environmentEntry, environmentIds } from '../../envs/registry.js';
import { byteSize } from '../byte_size.js';
import { commandText } from '../command_text.js';
import { printResult } from '../console.js';
import { type DemosSource, downloadDemos } from '../download/download_demos.js';
import type { FoundDataset } from '../download/found_datasets.js';
import { hubFromEnvironment, publishedDemos } from '../download/hub.js';
import { SILENT_DISPLAY, TerminalDisplay, type TransferDisplay } from '../download/transfer_display.js';
import { UserError } from '../errors.js';
import { expandHome, shortenHome } from '../files/paths.js';
import { INTERRUPTED_EXIT_CODE, listenForStop } from '../stop_signal.js';
import { idleFlags } from './idle_flags.js';

/** Flags of `rlpd data download`. */
export interface DownloadFlags {
  outputDir?: string;
  url?: string;
  sha256?: string;
  revision?: string;
  overwrite: boolean;
  quiet: boolean;
}

/** Downloads demonstrations, or without `envId` tells what is published. Throws a UserError for flags that don't go together. */
export async function runDownload(
  envId: string | undefined,
  flags: DownloadFlags,
  command: Command,
): Promise<void> {
  const display = flags.quiet ? SILENT_DISPLAY : new TerminalDisplay();
  const reason = envId === undefined ? 'without an env_id nothing is downloaded' : null;
  for (const note of idleFlags(command, { outputDir: reason, overwrite: reason })) display.note(note);
  const stop = listenForStop(() => {});
  try {
    const source = sourceOf(flags, stop.signal, display);
    if (envId === undefined) return await printResult(await catalogue(source));
    const target = join(flags.outputDir ?? expandHome('~/.rlpd/demos'), envId);
    const found = await downloadDemos({
      envId,
      source,
      target,
      overwrite: flags.overwrite,
      signal: stop.signal,
      display,
    });
    display.note(await report(found));
    if (found.every(({ problem }) => problem !== null)) process.exitCode = 1;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    display.note('stopped; what has arrived is kept, and the same command goes on from there');
    process.exitCode = INTERRUPTED_EXIT_CODE;
  } finally {
    stop.release();
  }
}

function sourceOf(flags: DownloadFlags, signal: AbortSignal, display: TransferDisplay): DemosSource {
  const { url, sha256, revision } = flags;
  if (url !== undefined) {
    if (revision !== undefined) throw new UserError('--revision is for the hub: leave it out with --url');
    return { kind: 'url', url, sha256: sha256 ?? null };
  }
  if (sha256 !== undefined) {
    throw new UserError(
      '--sha256 is for --url: what comes from the hub is checked against what the hub lists',
    );
  }
  const retries = { signal, note: (text: string) => display.note(text) };
  return { kind: 'hub', hub: hubFromEnvironment(revision ?? 'main', retries) };
}

async function catalogue(source: DemosSource): Promise<string> {
  if (source.kind === 'url') throw new UserError('with --url, name the task that the demonstrations are of');
  const demos = await publishedDemos(source.hub);
  return [
    `demonstrations on ${source.hub.endpoint}:`,
    ...demos.map(({ envId, size }) => `  ${envId.padEnd(24)}${byteSize(size).padStart(8)}`),
  ].join('\n');
}

async function report(found: readonly FoundDataset[]): Promise<string> {
  const usable = found.filter(({ problem }) => problem === null);
  const ready = usable.find(({ obsMode }) => obsMode === 'state');
  const raw = usable.find(({ obsMode }) => obsMode === 'none');
  const next = ready ? await nextStep(ready, trainHint) : raw ? await nextStep(raw, replayHint) : [];
  return [...found.map(describe), ...next].join('\n');
}

function describe({ path, episodes, controlModes, obsMode, problem }: FoundDataset): string {
  const name = shortenHome(path);
  if (problem !== null) return `${name}: can't be used: ${problem}`;
  const observations = obsMode === 'none' ? 'no observations' : `observations: ${obsMode ?? 'unknown'}`;
  const count = `${episodes} episode${episodes === 1 ? '' : 's'}`;
  return `${name}: ${count}, ${controlModes.join(', ') || 'control mode unknown'}, ${observations}`;
}

async function nextStep(
  dataset: FoundDataset,
  hint: (dataset: FoundDataset) => string[] | Promise<string[]>,
): Promise<string[]> {
  const { envId } = dataset;
  const known = environmentIds();
  if (envId !== null && !known.includes(envId)) {
    return [`There is no environment ${envId} here yet to train in; there are: ${known.join(', ')}`];
  }
  return hint(dataset);
}

async function trainHint({ path, envId, controlModes }: FoundDataset): Promise<string[]> {
  // Loaded here alone: other commands on data do without it.
  const { configSchema } = await import('../config/schema.js');
  const { env } = configSchema.parse({});
  const task = envId === null || envId === env.env_id ? [] : [`env.env_id=${envId}`];
  const [own] = environmentEntry(envId ?? env.env_id!).controlModes;
  const mode = controlModes[0] ?? own;
  const control = mode === own ? [] : [`env.env_kwargs.control_mode=${mode}`];
  const command = commandText('train', `train.dataset_path=${shortenHome(path)}`, ...task, ...control);
  return ['Train on them:', `  ${command}`];
}

function replayHint({ path, controlModes }: FoundDataset): string[] {
  // Absolute joint targets are what a motion planner records, and no action space to learn in.
  const conversion = controlModes.includes('pd_joint_pos')
    ? ['-c', 'pd_joint_delta_pos']
    : ['--use-env-state'];
  const words = ['--traj-path', shortenHome(path), ...conversion, '-o', 'state', '--save-traj'];
  return [
    'They were recorded without observations. Add those, and then train on the file that this writes:',
    `  ${commandText('replay', ...words)}`,
  ];
}
