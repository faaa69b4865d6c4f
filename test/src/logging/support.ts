import { spawnSync } from 'node:child_process';

/** A Python that has these modules: `$RLPD_PYTHON` or `python3`; null where there is none. */
export function pythonWith(...modules: string[]): ((program: string, ...args: string[]) => unknown) | null {
  const python = process.env['RLPD_PYTHON'] ?? 'python3';
  if (spawnSync(python, ['-c', `import ${modules.join(', ')}`]).status !== 0) return null;
  /** Runs a program and gives what it printed, which must be JSON. */
  return (program, ...args) => {
    const { status, stdout, stderr } = spawnSync(python, ['-c', program, ...args], { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout);
  };
}

/** Bytes as lines of hexadecimal digits with their text, to be compared with a recording. */
export function hexDump(bytes: Uint8Array): string {
  let lines = '';
  for (let start = 0; start < bytes.length; start += 16) {
    const row = Buffer.from(bytes.subarray(start, start + 16));
    const text = row.toString('latin1').replace(/[^\x20-\x7e]/g, '.');
    lines += `${start.toString(16).padStart(6, '0')}  ${row.toString('hex').padEnd(32)}  ${text}\n`;
  }
  return lines;
}

/** A PNG of one pixel. */
export const ONE_PIXEL_PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
