import { existsSync } from 'node:fs';
import { RecordLog, readRecords } from './record_log.js';
import { type NestedItem, recordCodec, type WandbRecord } from './schema.js';

/** The name under which every row of the history has its env steps. */
export const ENV_STEPS = 'env_steps';

/** A run's record file, open for appending. */
export class RunFile {
  private constructor(
    private readonly log: RecordLog,
    private num: number,
    /** The records that were kept of an earlier start of the run. */
    readonly kept: readonly WandbRecord[],
  ) {}

  /**
   * Opens the file at `path`. A run that goes on from a checkpoint after `resumedAt` env steps keeps the records until
   * then, as if it had never ended; otherwise the file begins anew.
   */
  static open(path: string, resumedAt: number | null): RunFile {
    const records = resumedAt !== null && existsSync(path) ? [...readRecords(path)] : [];
    const decoded = records.map((bytes) => ({ bytes, record: recordCodec.decode(bytes) }));
    const kept = decoded.filter(({ record }) => isBefore(record, resumedAt ?? 0));
    const log = RecordLog.create(
      path,
      kept.map(({ bytes }) => bytes),
    );
    const num = kept.at(-1)?.record.num ?? 0;
    return new RunFile(
      log,
      num,
      kept.map(({ record }) => record),
    );
  }

  write(content: Omit<WandbRecord, 'num'>): void {
    this.log.append(recordCodec.encode({ num: ++this.num, ...content }));
  }

  close(): void {
    this.log.close();
  }
}

/** True if a record belongs to the run up to `envSteps`. Summaries don't: they are written again. */
function isBefore({ history, summary, exit, final }: WandbRecord, envSteps: number): boolean {
  if (history) return Number(history.item.find(isEnvSteps)?.valueJson) <= envSteps;
  return !summary && !exit && !final;
}

function isEnvSteps({ nestedKey }: NestedItem): boolean {
  return nestedKey.length === 1 && nestedKey[0] === ENV_STEPS;
}
