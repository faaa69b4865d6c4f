import { rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createFolder, listFolder } from '../../files/folders.js';
import { histogramOf } from '../histogram.js';
import { imageSize } from '../image_size.js';
import type { LogDestination } from '../logger.js';
import { createEventFile } from './event_file.js';
import {
  type HparamValue,
  hparamsCodec,
  SESSION_START,
  STRING_TENSOR,
  type SummaryValue,
  type TensorBoardEvent,
} from './schema.js';

export interface TensorBoardOptions {
  /** Folder of the event files; made if need be. */
  folder: string;
  /** The run's configuration as YAML, and its values by dotted key. */
  configText: string;
  hyperparameters: Readonly<Record<string, string | number | boolean>>;
  /** The env steps of the checkpoint that the run goes on from: later records are hidden. Null for a new run. */
  resumedAt: number | null;
  /** Milliseconds since 1970. */
  now?: () => number;
}

/**
 * Writes a TensorBoard event file: numbers, histograms, videos as images, the configuration as text and as
 * hyperparameters. Steps are env steps. All numbers of a call go into one event, so nothing needs to be held back. A
 * resumed run writes another file into the same folder; a new run removes files that an earlier try has left there.
 * Throws if a file can't be written.
 */
export function createTensorBoardLogger(options: TensorBoardOptions): LogDestination {
  const { folder, resumedAt, now = Date.now } = options;
  const wallTime = () => now() / 1000;
  createFolder(folder);
  if (resumedAt === null) for (const name of eventFiles(folder)) rmSync(join(folder, name));
  const file = createEventFile(join(folder, eventFileName(folder, wallTime())), wallTime());
  const write = (step: number, content: Pick<TensorBoardEvent, 'summary' | 'sessionLog'>) =>
    file.write({ wallTime: wallTime(), step, ...content });
  const summarise = (step: number, ...value: SummaryValue[]) => write(step, { summary: { value } });

  if (resumedAt !== null) write(resumedAt + 1, { sessionLog: { status: SESSION_START } });
  summarise(
    resumedAt ?? 0,
    textSummary('config', `\`\`\`yaml\n${options.configText}\`\`\``),
    hparamsSummary(options.hyperparameters, wallTime()),
  );
  return {
    log(envSteps, metrics) {
      summarise(envSteps, ...Object.entries(metrics).map(([tag, simpleValue]) => ({ tag, simpleValue })));
    },
    histogram(envSteps, name, values) {
      const summary = histogramSummary(name, values);
      if (summary) summarise(envSteps, summary);
    },
    video(envSteps, name, { image }) {
      if (image) summarise(envSteps, imageSummary(name, image));
    },
    async close() {
      file.close();
    },
  };
}

/**
 * The name of the next event file. Readers take the files of a folder in the order of their names, and know event files
 * by `tfevents` in the name.
 */
function eventFileName(folder: string, seconds: number): string {
  const number = eventFiles(folder).length;
  return `events.out.tfevents.${Math.floor(seconds)}.${String(number).padStart(3, '0')}.${hostname()}`;
}

function eventFiles(folder: string): string[] {
  return listFolder(folder).filter((name) => name.includes('tfevents'));
}

function histogramSummary(tag: string, values: ArrayLike<number>): SummaryValue | null {
  const histogram = histogramOf(values);
  if (histogram === null) return null;
  const { count, min, max, sum, sumOfSquares, edges, counts } = histogram;
  const bucketLimit = edges.subarray(1);
  return {
    tag,
    histo: { min, max, num: count, sum, sumSquares: sumOfSquares, bucketLimit, bucket: counts },
  };
}

function imageSummary(tag: string, encodedImageString: Uint8Array): SummaryValue {
  const { width, height } = imageSize(encodedImageString);
  return { tag, image: { width, height, colorspace: 3, encodedImageString } };
}

function textSummary(tag: string, markdown: string): SummaryValue {
  return {
    tag: `${tag}/text_summary`,
    metadata: { pluginData: { pluginName: 'text' } },
    tensor: {
      dtype: STRING_TENSOR,
      tensorShape: { dim: [{ size: 1 }] },
      stringVal: [new TextEncoder().encode(markdown)],
    },
  };
}

function hparamsSummary(values: TensorBoardOptions['hyperparameters'], seconds: number): SummaryValue {
  const hparams = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, hparam(value)]));
  const content = hparamsCodec.encode({ sessionStartInfo: { hparams, startTimeSecs: seconds } });
  return {
    tag: '_hparams_/session_start_info',
    metadata: { pluginData: { pluginName: 'hparams', content } },
  };
}

function hparam(value: string | number | boolean): HparamValue {
  switch (typeof value) {
    case 'number':
      return { numberValue: value };
    case 'boolean':
      return { boolValue: value };
    case 'string':
      return { stringValue: value };
  }
}
