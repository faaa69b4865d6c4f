import { readFileSync } from 'node:fs';
import { quoted } from './command_text.js';
import { UserError } from './errors.js';

/** The number of files that are open at a time while a command is loaded, rounded up. */
const OPEN_FILES = 200;
/** Bytes of addresses that a command takes with two threads. WebAssembly reserves nearly all of them, and uses few. */
const ADDRESSES = 64e9;
/** Node's switch that lets WebAssembly reserve nothing. */
const NO_RESERVATIONS = '--disable-wasm-trap-handler';
const FEWER_THREADS = 'use fewer threads (RLPD_THREADS=1, env.num_workers=0, --num-procs 1)';

/** Throws a UserError if too few files may be open to load a command. */
export function checkOpenFiles(): void {
  const limit = limitOf('Max open files');
  if (limit >= OPEN_FILES) return;
  throw new UserError(
    `ulimit -n ${limit} is too little, ${OPEN_FILES} files have to be open; ${moreFiles()}`,
  );
}

/** Throws a UserError if the address space is too small for WebAssembly, in which physics and HDF5 run. */
export function checkAddressSpace(): void {
  if (reservesAddresses() && limitOf('Max address space') < ADDRESSES) throw new UserError(addressProblem());
}

/** The limit of the system or of Node that an error comes from, with the change that helps; null for other errors. */
export function limitProblem(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const code = 'code' in error ? error.code : null;
  const is = (name: string) => code === name || error.message.endsWith(name);
  if (is('EMFILE') || is('ENFILE')) return `too many files are open at a time; ${moreFiles()}`;
  if (code === 'ERR_WORKER_INIT_FAILED' || is('EAGAIN')) {
    return `the system starts no more threads or processes; ${FEWER_THREADS}, or raise the limit (ulimit -u)`;
  }
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return `a thread has no memory left; ${withNodeOption('--max-old-space-size=8192')} allows it more (in MB)`;
  }
  if (/wasm memory|could not allocate memory/i.test(error.message)) return addressProblem();
  if (isOutOfMemory(error)) return `out of memory; end other programs, or ${FEWER_THREADS}`;
  return limitProblem(error.cause);
}

/** True if an array could not be allocated. */
export function isOutOfMemory(error: unknown): boolean {
  return error instanceof RangeError && /allocation failed/.test(error.message);
}

// Node raises the soft limit to the hard one by itself, so that it is the hard one that is too small.
function moreFiles(): string {
  return 'start it from a shell that allows more: ulimit -n 1024';
}

function addressProblem(): string {
  const limit = limitOf('Max address space');
  const space = Number.isFinite(limit)
    ? `ulimit -v ${limit / 1024} is too little`
    : 'the address space is used up';
  if (!reservesAddresses()) return `${space}; raise it, or ${FEWER_THREADS}`;
  return (
    `${space}: WebAssembly, in which physics and HDF5 run, reserves 10 GB of addresses for each of its memories. ` +
    `Lift the limit (ulimit -v unlimited), or let it reserve none, which is somewhat slower, with\n` +
    `  ${withNodeOption(NO_RESERVATIONS)}\nand the same command again`
  );
}

function reservesAddresses(): boolean {
  return ![...process.execArgv, ...nodeOptions()].includes(NO_RESERVATIONS);
}

/** The command for the shell that adds an option for Node to those that are set. */
function withNodeOption(option: string): string {
  return `export NODE_OPTIONS=${quoted([...nodeOptions(), option].join(' '))}`;
}

function nodeOptions(): string[] {
  return (process.env['NODE_OPTIONS'] ?? '').split(' ').filter((option) => option !== '');
}

/** A limit of this process by its name in Linux; infinite if there is none, or if that is not known. */
function limitOf(name: string): number {
  try {
    const soft = new RegExp(`^${name} +(\\d+) `, 'm').exec(readFileSync('/proc/self/limits', 'utf8'));
    return soft ? Number(soft[1]) : Number.POSITIVE_INFINITY;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
