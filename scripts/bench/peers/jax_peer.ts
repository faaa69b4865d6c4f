import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { readVariable, type VariableName } from '../../../src/environment_variables.js';
import { UserError } from '../../../src/errors.js';
import { expandHome } from '../../../src/files/paths.js';
import type { LearnerCase } from '../learner_case.js';
import { ensurePythonEnvironment } from './python_environment.js';

/** Names a Python that has JAX, to be used in place of an environment of our own. */
export const PYTHON_VARIABLE = 'RLPD_JAX_PYTHON' satisfies VariableName;

const SCRIPT = 'scripts/bench/peers/jax_update.py';
const REQUIREMENTS = 'scripts/bench/peers/requirements.txt';
const ENVIRONMENT = 'node_modules/.cache/rlpd-peers/jax';

/** Starts the peer on `threads` processors; its packages are installed first if need be. */
export async function startJaxPeer(threads: number): Promise<JaxPeer> {
  const given = readVariable(PYTHON_VARIABLE);
  const python = given ? expandHome(given) : await ensurePythonEnvironment(ENVIRONMENT, REQUIREMENTS);
  return JaxPeer.start(python, [SCRIPT, String(threads)]);
}

/**
 * A process that makes RLPD's updates in JAX: it answers a line of JSON by another one with the time of each update.
 */
export class JaxPeer {
  private constructor(
    private readonly child: ChildProcess,
    private readonly answers: AsyncIterator<string>,
    private readonly errors: string[],
  ) {}

  /** Throws a UserError if there is no such Python. */
  static async start(python: string, args: readonly string[]): Promise<JaxPeer> {
    const child = spawn(python, args, { stdio: 'pipe' });
    await new Promise((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (cause) => {
        reject(new UserError(`can't run ${python}: ${cause.message}; see ${PYTHON_VARIABLE}`, { cause }));
      });
    });
    const errors: string[] = [];
    child.stderr.on('data', (text) => errors.push(String(text)));
    // A peer that has ended says why on stderr; that it no longer listens is no news.
    child.stdin.on('error', () => {});
    const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return new JaxPeer(child, answers, errors);
  }

  /**
   * Makes `updates` updates in a row and returns the milliseconds per update. The first request of a case takes long,
   * since it compiles. Throws a UserError with the peer's output if it has ended.
   */
  async millisecondsPerUpdate({ numQs, actorUpdateFreq }: LearnerCase, updates: number): Promise<number> {
    const request = { num_qs: numQs, actor_update_freq: actorUpdateFreq, updates };
    this.child.stdin!.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.answers.next();
    if (done) {
      const reason = this.errors.join('').trim().split('\n').slice(-5).join('\n');
      throw new UserError(`the peer in JAX has ended: ${reason}`);
    }
    return (JSON.parse(value) as { milliseconds: number }).milliseconds;
  }

  /** Ends the process. */
  close(): void {
    this.child.kill();
  }
}
