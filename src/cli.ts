#!/usr/bin/env node
import { realpathSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { Command, CommanderError } from 'commander';
import { PackageError } from '../envs/package_error.js';
import { endProcess, outliveConsole } from './console.js';
import { readVariable } from './environment_variables.js';
import { UserError } from './errors.js';
import { checkWorkingFolder } from './files/paths.js';
import { checkAddressSpace, checkOpenFiles, limitProblem } from './limits.js';
import { packageFacts } from './version.js';

/**
 * The commands in the order of the help. Loading one takes up to a second, so only the one that is asked for is loaded.
 */
const COMMANDS: Record<string, () => Promise<Command>> = {
  train: async () => (await import('./commands/train.js')).trainCommand(),
  eval: async () => (await import('./commands/eval.js')).evalCommand(),
  sweep: async () => (await import('./commands/sweep.js')).sweepCommand(),
  compare: async () => (await import('./commands/compare.js')).compareCommand(),
  runs: async () => (await import('./commands/runs.js')).runsCommand(),
  plot: async () => (await import('./commands/plot.js')).plotCommand(),
  make_demos: async () => (await import('./commands/make_demos.js')).makeDemosCommand(),
  collect: async () => (await import('./commands/collect.js')).collectCommand(),
  replay: async () => (await import('./commands/replay.js')).replayCommand(),
  render: async () => (await import('./commands/render.js')).renderCommand(),
  data: async () => (await import('./commands/data.js')).dataCommand(),
};

/** Commands that need neither physics nor HDF5. */
const WITHOUT_WEBASSEMBLY = ['runs', 'plot'];

/**
 * Runs `rlpd <command>` with these arguments and returns the exit code. Mistakes of the user and limits of the system
 * end with their message and code 1; any other error is a defect and shows its stack and that of its cause.
 */
export async function main(args: readonly string[]): Promise<number> {
  try {
    checkOpenFiles();
    checkWorkingFolder();
    const program = await loadProgram(args);
    await program.parseAsync(args, { from: 'user' });
    return typeof process.exitCode === 'number' ? process.exitCode : 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    const message =
      error instanceof UserError || error instanceof PackageError ? error.message : limitProblem(error);
    process.stderr.write(message === null ? `${inspect(error)}\n` : `error: ${message}\n`);
    return 1;
  }
}

/** The program with the command that is asked for. */
async function loadProgram(args: readonly string[]): Promise<Command> {
  const program = new Command('rlpd')
    .description('Reinforcement learning with prior data, for robot tasks with sparse rewards')
    .version(packageFacts().version)
    // Without their arguments, so that the descriptions have room.
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .showHelpAfterError()
    .exitOverride()
    .hook('preAction', (_, command) => {
      // Refused by all commands, not only in the midst of those that have several threads.
      readVariable('RLPD_THREADS');
      if (!WITHOUT_WEBASSEMBLY.includes(command.name())) checkAddressSpace();
    });
  // Without a known command there is a help text or a suggestion to print, which needs all of them.
  const [first = ''] = args;
  const names = Object.hasOwn(COMMANDS, first) ? [first] : Object.keys(COMMANDS);
  for (const name of names) program.addCommand((await COMMANDS[name]()).exitOverride());
  return program;
}

/** The whole of a process that is started to run `rlpd <command>`. */
export async function runProcess(args: readonly string[]): Promise<never> {
  outliveConsole();
  return endProcess(await main(args));
}

const isEntryPoint =
  process.argv[1] !== undefined && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href;
if (isEntryPoint) await runProcess(process.argv.slice(2));
