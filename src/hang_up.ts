import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** The bit of SIGHUP, signal 1, in the masks that Linux shows. */
const SIGHUP_BIT = 1n;

/**
 * True if the program was started to go on after its terminal is closed: by `nohup`, or by a shell that ignores hang-ups.
 * This has to be found out, because Node takes back that a process ignores hang-ups when it starts.
 */
export function isHangUpIgnored(): boolean {
  // Asked once, early: the shell may end before its program.
  ignored ??= basename(process.env['_'] ?? '') === 'nohup' || isInputOfNohup() || isIgnoredByParent();
  return ignored;
}

let ignored: boolean | undefined;

/** True if the input is that of GNU's nohup, which puts a file that can only be written in the place of a terminal. */
function isInputOfNohup(): boolean {
  const flags = /^flags:\s*([0-7]+)/m.exec(systemFile('/proc/self/fdinfo/0'));
  return flags !== null && (Number.parseInt(flags[1], 8) & 3) === 1;
}

function isIgnoredByParent(): boolean {
  const mask = /^SigIgn:\s*([0-9a-f]+)/m.exec(systemFile(`/proc/${process.ppid}/status`));
  return mask !== null && (BigInt(`0x${mask[1]}`) & SIGHUP_BIT) !== 0n;
}

/** The text of a system file; empty if there is no such file, as on other systems than Linux. */
function systemFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
