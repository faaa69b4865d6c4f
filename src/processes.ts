import { readFileSync } from 'node:fs';

/** True if a process of this number exists on this machine. */
export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there, and another user's.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  // Of one that ended, something is there until its parent has asked how.
  return !/^[ZX]/.test(systemFacts(pid)?.state ?? '');
}

/**
 * The beginning of a process, in the system's ticks; null if the system doesn't tell. No two of one number have the
 * same.
 */
export function processBirth(pid: number): number | null {
  return systemFacts(pid)?.born ?? null;
}

/** Facts that Linux tells of a process. */
function systemFacts(pid: number): { state: string; born: number } | null {
  // In a container with the file system of another process namespace, numbers mean other processes there.
  if (statOf('self')?.pid !== process.pid) return null;
  return statOf(pid);
}

function statOf(process: number | 'self'): { pid: number; state: string; born: number } | null {
  try {
    const text = readFileSync(`/proc/${process}/stat`, 'utf8');
    // The program's name, in parentheses, may hold anything.
    const rest = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { pid: Number.parseInt(text, 10), state: rest[0], born: Number(rest[19]) };
  } catch {
    return null;
  }
}
