import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync, renameSync } from 'node:fs';
import { hostname } from 'node:os';
import { extname, join } from 'node:path';
import { createFolderOf } from '../../files/folders.js';
import { temporaryPath } from '../../files/temporary_names.js';
import type { Metrics } from '../../learner/agent.js';
import { packageFacts } from '../../version.js';
import { histogramOf } from '../histogram.js';
import type { LogDestination, Video } from '../logger.js';
import { nestedItems } from './nested_items.js';
import { ENV_STEPS, RunFile } from './run_file.js';
import type { RunPlace } from './run_place.js';
import { type ConfigItem, type NestedItem, STANDARD_OUTPUT, type Timestamp } from './schema.js';
import type { WandbSettings } from './settings.js';

export interface WandbRunOptions {
  settings: WandbSettings;
  place: RunPlace;
  /** The run's name. */
  name: string;
  /** The configuration to show, by its first keys. */
  config: object;
  /** The env steps of the checkpoint that the run goes on from; null for a new run. */
  resumedAt: number | null;
  /** Wall-clock seconds of the run, over all resumptions. */
  seconds(): number;
  /** Hears of every row of the history, first of those that a resumed run goes on from. */
  onRow?: (step: number, items: readonly NestedItem[]) => void;
  /** Milliseconds since 1970. */
  now?: () => number;
}

/** Row of the history, logged at one moment. JSON can hold its values. */
interface Row {
  envSteps: number;
  values: Record<string, unknown>;
}

/**
 * Writes the record file of an offline run, which `wandb sync` uploads: configuration, history, summary, videos, the
 * text on the console and the exit code. Steps are env steps. Metrics that are logged after the same number of them
 * become one row, since a step has only one.
 */
export class WandbLogger implements LogDestination {
  private readonly file: RunFile;
  private readonly defined = new Set<string>();
  /** The last value of everything, by its path. */
  private readonly summary = new Map<string, NestedItem>();
  private lastStep = -1;
  private row: Row | null = null;
  private readonly now: () => number;

  constructor(private readonly options: WandbRunOptions) {
    this.now = options.now ?? Date.now;
    this.file = RunFile.open(options.place.recordsPath, options.resumedAt);
    for (const { history, metric } of this.file.kept) {
      if (metric) this.defined.add(metric.name);
      if (history) this.remember(history.item, history.step.num ?? 0);
    }
    if (this.file.kept.some(({ run }) => run)) this.file.write({ config: { update: this.configItems() } });
    else this.begin();
  }

  log(envSteps: number, metrics: Metrics): void {
    Object.assign(this.rowAt(envSteps).values, metrics);
  }

  histogram(envSteps: number, name: string, values: ArrayLike<number>): void {
    const histogram = histogramOf(values);
    if (histogram === null) return;
    const { edges, counts } = histogram;
    this.rowAt(envSteps).values[name] = { _type: 'histogram', bins: [...edges], values: [...counts] };
  }

  /** Records a video in the row under way, also if it comes late: the history can't go back. */
  video(envSteps: number, name: string, { path }: Video): void {
    const content = readFileSync(path);
    const sha256 = createHash('sha256').update(content).digest('hex');
    const extension = extname(path);
    const uploadPath = `media/videos/${name}_${envSteps}_${sha256.slice(0, 20)}${extension}`;
    const copy = join(this.options.place.filesPath, uploadPath);
    createFolderOf(copy);
    copyFileSync(path, temporaryPath(copy));
    renameSync(temporaryPath(copy), copy);
    this.file.write({ files: { files: [{ path: uploadPath }] } });
    this.rowAt(Math.max(envSteps, this.row?.envSteps ?? this.lastStep)).values[name] = {
      _type: 'video-file',
      path: uploadPath,
      sha256,
      size: content.length,
      caption: `after ${envSteps} env steps`,
    };
  }

  console(text: string): void {
    const timestamp = timestampOf(this.now());
    this.file.write({ outputRaw: { outputType: STANDARD_OUTPUT, timestamp, line: `${text}\n` } });
  }

  flush(): void {
    if (this.row === null) return;
    this.writeRow(this.row);
    this.file.write({ summary: { update: [...this.summary.values()] } });
  }

  async close(exitCode: number): Promise<void> {
    this.flush();
    const runtime = Math.round(this.options.seconds());
    this.file.write({ summary: { update: nestedItems({ _wandb: { runtime } }) } });
    this.file.write({ exit: { exitCode, runtime } });
    // Without it, `wandb sync` reads the exit code and then forgets it.
    this.file.write({ final: {} });
    this.file.close();
  }

  private begin(): void {
    const { settings, place, name } = this.options;
    const { entity, notes } = settings;
    const producer = `rlpd ${packageFacts().version}`;
    this.file.write({ header: { versionInfo: { producer, minConsumer: '0.40.0' } } });
    this.file.write({
      run: {
        runId: place.runId,
        project: settings.project,
        config: { update: [{ key: '_wandb', valueJson: '{}' }, ...this.configItems()] },
        runGroup: settings.group,
        displayName: name,
        tags: settings.tags,
        host: hostname(),
        startTime: timestampOf(this.now()),
        ...(entity === null ? {} : { entity }),
        ...(notes === null ? {} : { notes }),
      },
    });
    this.file.write({ metric: { name: ENV_STEPS, options: { defined: true } } });
  }

  private configItems(): ConfigItem[] {
    return Object.entries(this.options.config).map(([key, value]) => ({
      key,
      valueJson: JSON.stringify(value),
    }));
  }

  private rowAt(envSteps: number): Row {
    if (this.row && this.row.envSteps !== envSteps) this.writeRow(this.row);
    this.row ??= { envSteps, values: { [ENV_STEPS]: envSteps } };
    return this.row;
  }

  private writeRow({ envSteps, values }: Row): void {
    this.row = null;
    for (const name of Object.keys(values)) this.define(name);
    const step = Math.max(envSteps, this.lastStep + 1);
    const item = nestedItems({
      ...values,
      _step: step,
      _timestamp: this.now() / 1000,
      _runtime: this.options.seconds(),
    });
    this.file.write({ history: { item, step: { num: step } } });
    this.remember(item, step);
  }

  private remember(items: readonly NestedItem[], step: number): void {
    for (const item of items) this.summary.set(item.nestedKey.join('\n'), item);
    this.lastStep = step;
    this.options.onRow?.(step, items);
  }

  /** Defines a metric, so that charts show it over the env steps. */
  private define(name: string): void {
    if (name === ENV_STEPS || this.defined.has(name)) return;
    this.defined.add(name);
    this.file.write({ metric: { name, stepMetric: ENV_STEPS, options: { stepSync: true, defined: true } } });
  }
}

function timestampOf(milliseconds: number): Timestamp {
  const seconds = Math.floor(milliseconds / 1000);
  return { seconds, nanos: Math.round((milliseconds - 1000 * seconds) * 1e6) };
}
