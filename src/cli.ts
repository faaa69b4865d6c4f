#!/usr/bin/env node
import { realpathSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { Command, CommanderError } from 'commander';
import { collectCommand } from './commands/collect.js';
import { dataCommand } from './commands/data.js';
import { evalCommand } from './commands/eval.js';
import { makeDemosCommand } from './commands/make_demos.js';
import { plotCommand } from './commands/plot.js';
import { renderCommand } from './commands/render.js';
import { replayCommand } from './commands/replay.js';
import { runsCommand } from './commands/runs.js';
import { sweepCommand } from './commands/sweep.js';
import { trainCommand } from './commands/train.js';
import { UserError } from './errors.js';
import { packageFacts } from './version.js';

/**
 * Runs `rlpd <command>` with these arguments and gives the exit code. Mistakes of the user end with their message and
 * code 1; anything else that fails is a defect and shows its stack.
 */
export async function main(args: readonly string[]): Promise<number> {
  const program = new Command('rlpd')
    .description('Reinforcement learning with prior data, for robot tasks with sparse rewards')
    .version(packageFacts().version)
    .showHelpAfterError()
    .exitOverride();
  const commands = [
    trainCommand(),
    evalCommand(),
    sweepCommand(),
    runsCommand(),
    plotCommand(),
    makeDemosCommand(),
    collectCommand(),
    replayCommand(),
    renderCommand(),
    dataCommand(),
  ];
  for (const command of commands) program.addCommand(command.exitOverride());
  try {
    await program.parseAsync(args, { from: 'user' });
    return typeof process.exitCode === 'number' ? process.exitCode : 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    if (error instanceof UserError) process.stderr.write(`error: ${error.message}\n`);
    else process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    return 1;
  }
}

const isEntryPoint =
  process.argv[1] !== undefined && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href;
if (isEntryPoint) process.exit(await main(process.argv.slice(2)));
