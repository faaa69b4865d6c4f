import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect } from 'vitest';
import { parse } from 'yaml';
import { validateConfig } from '../../../src/config/load.js';
import { temporaryOwner } from '../../../src/files/temporary_names.js';
import { readRecords } from '../../../src/logging/wandb/record_log.js';
import { readModel } from '../../../src/runtime/node/onnx.js';
import { loadCheckpoint } from '../../../src/training/checkpoints/checkpoint.js';
import { loadResumePoint } from '../../../src/training/checkpoints/intact_checkpoint.js';
import { type RunFolder, runFolderAt } from '../../../src/training/folder/run_folder.js';
import { readStatus } from '../../../src/training/folder/run_status.js';
import { readMp4 } from '../video/mp4_reader.js';

/**
 * The moment of killing a training: at a file operation of any of its threads, or some time after a start or
 * resumption.
 */
export type Death = { operation: number } | { milliseconds: number };

/** Steps of a run that is to be stopped or killed before its end. */
const ENDLESS = 'train.steps=1_000_000';

/** A training from the command line that is killed or stopped again and again and goes on each time. */
export class KilledRun {
  private folder: RunFolder | null = null;
  private starts = 0;
  /** Killed processes that may have left unfinished files. */
  private dead: number[] = [];

  /** @param overrides describe the run, but for its name. */
  constructor(
    private readonly workspace: string,
    private readonly overrides: readonly string[],
  ) {}

  /**
   * Starts or resumes the run and kills it with SIGKILL. Then all of its files must be whole, and unfinished ones of
   * an earlier killed process must be gone, if this one lived long enough to resume.
   */
  async dieAt(death: Death): Promise<void> {
    const training = this.start(ENDLESS, 'operation' in death ? death.operation : null);
    if ('milliseconds' in death) training.signalAfter(death.milliseconds, 'SIGKILL');
    const { signal, output } = await training.ended;
    expect(signal, output).toBe('SIGKILL');
    if (output.includes('going on from')) this.dead = [];
    this.dead.push(training.pid);
    this.folder = this.begunFolder();
    if (this.folder) await checkFiles(this.folder, this.dead);
  }

  /** Starts or resumes the run and asks it to stop. Nothing unfinished may be left in its folder then. */
  async stop(signal: 'SIGINT' | 'SIGTERM', milliseconds: number): Promise<void> {
    const training = this.start(ENDLESS, null);
    training.signalAfter(milliseconds, signal);
    const { code, output } = await training.ended;
    expect(code, output).toBe(130);
    expect(output).toContain('and saved; go on with: npm run rlpd -- train --resume');
    this.folder = this.begunFolder();
    await checkFiles(this.folder!, []);
  }

  /** Lets the run make `steps` env steps more and end. Nothing unfinished may be left in its folder then. */
  async finish(steps: number): Promise<RunFolder> {
    const last = this.folder && (await loadResumePoint(this.folder));
    const { code, output } = await this.start(`train.steps=${(last?.progress.envSteps ?? 0) + steps}`, null)
      .ended;
    expect(code, output).toBe(0);
    expect(output).toContain('finished');
    const folder = this.begunFolder()!;
    await checkFiles(folder, []);
    expect(readMetrics(folder).torn).toBe('');
    return folder;
  }

  private start(override: string, lastOperation: number | null) {
    const program =
      lastOperation === null ? [] : ['--import', './test/src/training/die_at_file_operation.mjs'];
    const words = this.folder
      ? ['--resume', this.folder.path]
      : [
          'configs/base_rlpd_ms3.yml',
          ...this.overrides,
          `logger.workspace=${this.workspace}`,
          `logger.exp_name=run-${++this.starts}`,
        ];
    const child = spawn(process.execPath, [...program, 'dist/src/cli.js', 'train', ...words, override], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, DIE_AT_FILE_OPERATION: String(lastOperation), RLPD_THREADS: '1' },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
    return {
      pid: child.pid!,
      ended: once(child, 'close').then(([code, signal]) => ({ code, signal, output })),
      signalAfter(milliseconds: number, signal: NodeJS.Signals) {
        child.stdout.once('data', () => setTimeout(() => child.kill(signal), milliseconds));
      },
    };
  }

  /** The run's folder, once it has a configuration: before that the run has not begun. */
  private begunFolder(): RunFolder | null {
    const folder = runFolderAt(join(this.workspace, `run-${this.starts}`));
    return existsSync(folder.configPath) ? folder : null;
  }
}

/** Reads all files of a run; unfinished ones may only be those of the processes `dead`. */
async function checkFiles(folder: RunFolder, dead: readonly number[]): Promise<void> {
  const entries = readdirSync(folder.path, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((each) => each.isFile())) {
    const path = join(entry.parentPath, entry.name);
    const owner = entry.name.endsWith('.claim') ? claimOwner(path) : temporaryOwner(entry.name);
    if (owner === null) await checkFile(folder, path);
    else expect(dead, path).toContain(owner.pid);
  }
}

/** The process that was about to say that it trains the run. */
function claimOwner(path: string): { pid: number } {
  return JSON.parse(readFileSync(path, 'utf8')) as { pid: number };
}

async function checkFile(folder: RunFolder, path: string): Promise<void> {
  const name = basename(path);
  if (path === folder.configPath) validateConfig(parse(readFileSync(path, 'utf8')), path);
  else if (path === folder.statusPath) expect(readStatus(folder)?.state).not.toBe('failed');
  else if (path === folder.metricsPath) checkMetrics(folder);
  else if (path === folder.datasetRecordPath) JSON.parse(readFileSync(path, 'utf8'));
  else if (name.endsWith('.safetensors')) await loadCheckpoint(path);
  else if (name.endsWith('.policy.onnx')) await (await readModel(readFileSync(path))).release();
  else if (name.endsWith('.mp4')) expect(readMp4(readFileSync(path)).frames.length).toBeGreaterThan(0);
  else if (name.endsWith('.wandb')) expect([...readRecords(path)].length).toBeGreaterThan(0);
  else if (name === 'wandb_run.json') JSON.parse(readFileSync(path, 'utf8'));
  else if (dirname(path) === folder.logsPath) expect(name).toContain('tfevents');
  else if (dirname(path) === folder.demosPath) expect(name).toMatch(/\.(h5|json)$/);
  else throw new Error(`${path} was not expected`);
}

function checkMetrics(folder: RunFolder): void {
  const { rows } = readMetrics(folder);
  // A row tells its kind by its first metric: there is one of a kind for a step.
  const kinds = rows.map((row) => `${row.env_steps} ${Object.keys(row)[2]}`);
  expect(new Set(kinds).size, kinds.join()).toBe(kinds.length);
  const steps = rows.map((row) => row.env_steps);
  expect(steps).toEqual([...steps].sort((a, b) => a - b));
}

/** The rows of `metrics.jsonl`, and what follows the last whole one. */
function readMetrics({ metricsPath }: RunFolder): { rows: Record<string, number>[]; torn: string } {
  const lines = readFileSync(metricsPath, 'utf8').split('\n');
  const torn = lines.pop()!;
  return { rows: lines.map((line) => JSON.parse(line)), torn };
}
