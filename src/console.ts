import { closeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { writeError } from './files/problems.js';
import { isHangUpIgnored } from './hang_up.js';

const STANDARD_DESCRIPTORS = [0, 1, 2];

/**
 * Lets the program go on without its console, once for a process: output that can't be written, for want of a reader, a
 * terminal or room on the disk, is left out.
 */
export function outliveConsole(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  if (isHangUpIgnored()) process.on('SIGHUP', () => {});
  const terminals = STANDARD_DESCRIPTORS.filter((descriptor) => isatty(descriptor));
  process.on('exit', () => {
    // Node aborts when it can't set back a terminal that is gone, and passes over what is closed.
    for (const descriptor of terminals) if (!isatty(descriptor)) closeSync(descriptor);
  });
}

/**
 * Prints the result of a command. Throws a UserError if it can't be written; a reader who has had enough, such as
 * `head`, is no error.
 */
export async function printResult(text: string): Promise<void> {
  const error = await new Promise<Error | null | undefined>((resolve) => {
    process.stdout.write(`${text}\n`, resolve);
  });
  if (!error || ('code' in error && error.code === 'EPIPE')) return;
  throw writeError('the output', error);
}

/** Ends the process when its whole output has been read: a pipe's reader may be slow. */
export async function endProcess(exitCode: typeof process.exitCode): Promise<never> {
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise((resolve) => stream.write('', resolve));
  }
  process.exit(exitCode);
}
