import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { readVariable, type VariableName } from '../../../src/environment_variables.js';
import { UserError } from '../../../src/errors.js';
import { ensurePythonEnvironment } from './python_environment.js';

/** A program in which updates are timed, beside ours: a script, the packages that it needs, and the variable that names a Python with them. */
export interface PeerProgram {
  name: string;
  script: string;
  requirements: string;
  /** The folder of the environment into which they are installed if the variable names no Python. */
  environment: string;
  variable: Extract<VariableName, `${string}_PYTHON`>;
}

/** Starts a peer; its packages are installed first if need be. Throws a UserError if they can't be. */
export async function startPeer(program: PeerProgram, args: readonly string[]): Promise<PythonPeer> {
  const given = readVariable(program.variable);
  const python = given ?? (await ensurePythonEnvironment(program.environment, program.requirements));
  return PythonPeer.start(program, python, [program.script, ...args]);
}

/** A process that answers a line of JSON, what to do, by another one with the time that it took. */
export class PythonPeer {
  private constructor(
    private readonly name: string,
    private readonly child: ChildProcess,
    private readonly answers: AsyncIterator<string>,
    private readonly errors: string[],
  ) {}

  /** Throws a UserError if there is no such Python. */
  static async start(
    { name, variable }: Pick<PeerProgram, 'name' | 'variable'>,
    python: string,
    args: readonly string[],
  ): Promise<PythonPeer> {
    const child = spawn(python, args, { stdio: 'pipe' });
    await new Promise((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (cause) => {
        reject(new UserError(`can't run ${python}: ${cause.message}; see ${variable}`, { cause }));
      });
    });
    const errors: string[] = [];
    child.stderr.on('data', (text) => errors.push(String(text)));
    // A peer that has ended says why on stderr; that it no longer listens is no news.
    child.stdin.on('error', () => {});
    const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return new PythonPeer(name, child, answers, errors);
  }

  /**
   * The milliseconds of each of the updates that a request asks for. The first request of a case takes long, since it
   * compiles.
   */
  async millisecondsPerUpdate(request: Readonly<Record<string, string | number>>): Promise<number> {
    return (await this.milliseconds(request))!;
  }

  /**
   * The milliseconds that a request took; null if the peer lacks what it needs for it. Throws a UserError with the peer's output
   * if it has ended.
   */
  async milliseconds(request: Readonly<Record<string, string | number>>): Promise<number | null> {
    this.child.stdin!.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.answers.next();
    if (done) {
      const reason = this.errors.join('').trim().split('\n').slice(-5).join('\n');
      throw new UserError(`the peer in ${this.name} has ended: ${reason}`);
    }
    return (JSON.parse(value) as { milliseconds: number | null }).milliseconds;
  }

  /** Ends the process. */
  close(): void {
    this.child.kill();
  }
}
