import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { LogDestination } from '../../../src/logging/logger.js';
import { RecordLog, readRecords } from '../../../src/logging/wandb/record_log.js';
import { recordCodec, type WandbRecord } from '../../../src/logging/wandb/schema.js';
import { wandbSettings } from '../../../src/logging/wandb/settings.js';
import { openWandbRun } from '../../../src/logging/wandb/wandb_run.js';
import { folderOfTest } from '../../temporary_folder.js';
import { tinyConfig } from '../training/tiny_run.js';
import { hexDump, pythonWith } from './support.js';

// What a recording must not depend on.
vi.mock('node:os', async (original) => ({ ...(await original<object>()), hostname: () => 'workstation' }));
vi.mock('../../../src/version.js', () => ({ packageFacts: () => ({ version: '1.2.3' }) }));

let folder: string;
beforeEach(() => {
  folder = folderOfTest();
});

const START = 1_700_000_000_000;
const RUN_ID = 'r1u2n3i4';

const settings = (environment: Record<string, string> = {}, overrides: readonly string[] = []) =>
  wandbSettings(tinyConfig(folder, ['logger.wandb=True', 'logger.wandb_mode=offline', ...overrides]), {
    WANDB_RUN_ID: RUN_ID,
    ...environment,
  })!;

let notes: string[];
function open(resumedAt: number | null = null, environment: Record<string, string> = {}): LogDestination {
  let clock = START;
  notes = [];
  return openWandbRun({
    settings: settings(environment),
    runFolder: folder,
    name: 'exp',
    config: { seed: 3, sac: { num_qs: 10 }, demo_type: null },
    resumedAt,
    seconds: () => (clock - START) / 1000,
    note: (text) => notes.push(text),
    now: () => (clock += 250),
  });
}

const runFolder = (parent = folder) => {
  const wandb = join(parent, 'wandb');
  const [name, ...others] = readdirSync(wandb);
  expect(others).toEqual([]);
  return join(wandb, name);
};
const recordsPath = () => join(runFolder(), `run-${RUN_ID}.wandb`);
const records = () => [...readRecords(recordsPath())].map((bytes) => recordCodec.decode(bytes));

/** The rows of the history with what they hold by dotted key. */
function rows(): Record<string, unknown>[] {
  return records().flatMap(({ history }) => {
    if (!history) return [];
    return [
      Object.fromEntries(
        history.item.map(({ nestedKey, valueJson }) => {
          return [nestedKey.join('.'), valueJson === 'NaN' ? Number.NaN : JSON.parse(valueJson)];
        }),
      ),
    ];
  });
}

async function writeRun(): Promise<void> {
  const video = join(folder, 'eval_100.mp4');
  writeFileSync(video, 'no real video');
  const first = open();
  first.console!('demonstrations: 3 episodes');
  first.log(100, { 'train/q': 0.5, 'train/entropy': Number.NaN });
  first.histogram!(100, 'histograms/q', [0, 1, 1, 3]);
  first.log(200, { 'train/q': 0.75 });
  first.video!(100, 'eval/video', { path: video });
  first.flush!();
  first.log(300, { 'train/q': 9 });
  await first.close(130);
  const second = open(200);
  second.log(300, { 'train/q': 1 });
  second.console!('finished');
  await second.close(3);
}

describe('an offline run of Weights & Biases', () => {
  it('has the recorded bytes', async () => {
    await writeRun();
    const dump = hexDump(readFileSync(recordsPath()));
    await expect(dump).toMatchFileSnapshot('../../fixtures/logging/wandb.hex');
  });

  it('merges what is logged after the same number of env steps, and goes on from a checkpoint', async () => {
    await writeRun();
    const video = {
      'eval/video._type': 'video-file',
      'eval/video.caption': 'after 100 env steps',
      'eval/video.path': expect.stringMatching(/^media\/videos\/eval\/video_100_[0-9a-f]{20}\.mp4$/),
    };
    expect(rows()).toMatchObject([
      {
        _step: 100,
        env_steps: 100,
        'train/q': 0.5,
        'train/entropy': Number.NaN,
        'histograms/q._type': 'histogram',
      },
      { _step: 200, env_steps: 200, 'train/q': 0.75, ...video },
      { _step: 300, env_steps: 300, 'train/q': 1 },
    ]);
    const copy = join(runFolder(), 'files', rows()[1]['eval/video.path'] as string);
    expect(readFileSync(copy, 'utf8')).toBe('no real video');
    const exits = records().filter(({ exit }) => exit);
    expect(exits.map(({ exit }) => exit!.exitCode)).toEqual([3]);
    expect(records().at(-1)).toHaveProperty('final');
    const numbers = records().map(({ num }) => num);
    expect(new Set(numbers).size).toBe(numbers.length);
    const console = records().flatMap(({ outputRaw }) => (outputRaw ? [outputRaw.line] : []));
    expect(console).toEqual(['demonstrations: 3 episodes\n', 'finished\n']);
    expect(notes).toEqual([`upload the run to Weights & Biases: wandb sync ${runFolder()}`]);
  });

  it('gives a step only once even if more comes after a flush', () => {
    const run = open();
    run.log(100, { 'train/q': 1 });
    run.flush!();
    run.log(100, { 'eval/return': 2 });
    run.log(101, { 'train/q': 3 });
    run.flush!();
    expect(rows().map(({ _step, env_steps }) => [_step, env_steps])).toEqual([
      [100, 100],
      [101, 100],
      [102, 101],
    ]);
  });

  it('has its summary on the disk after a flush', () => {
    const run = open();
    run.log(100, { 'train/q': 1, 'train/entropy': 2 });
    run.log(200, { 'train/q': 3 });
    run.flush!();
    const last = records().at(-1)!.summary!.update;
    const values = Object.fromEntries(
      last.map(({ nestedKey, valueJson }) => [nestedKey.join('.'), valueJson]),
    );
    expect(values).toMatchObject({ 'train/q': '3', 'train/entropy': '2', _step: '200', env_steps: '200' });
  });

  it('keeps its id and place when it is resumed or moved, and says how to add to what was uploaded', async () => {
    await open().close(0);
    const moved = join(folderOfTest(), 'moved');
    renameSync(folder, moved);
    folder = moved;
    await open(100, { WANDB_RUN_ID: 'another' }).close(0);
    expect(readdirSync(runFolder())).toContain(`run-${RUN_ID}.wandb`);
    rmSync(runFolder(), { recursive: true });
    await open(100).close(0);
    expect(notes[0]).toContain(`wandb sync --append ${runFolder()}`);
    expect(records().find(({ run }) => run)!.run).toMatchObject({
      runId: RUN_ID,
      project: 'ManiSkill',
      displayName: 'exp',
    });
  });

  it('is where WANDB_DIR says', async () => {
    const elsewhere = join(folder, 'elsewhere');
    await open(null, { WANDB_DIR: elsewhere }).close(0);
    expect(existsSync(join(runFolder(elsewhere), `run-${RUN_ID}.wandb`))).toBe(true);
    expect(existsSync(join(folder, 'wandb'))).toBe(false);
  });
});

describe('the settings of Weights & Biases', () => {
  const variables = {
    WANDB_ENTITY: 'me',
    WANDB_PROJECT: 'mine',
    WANDB_RUN_GROUP: 'ours',
    WANDB_TAGS: 'a,b',
    WANDB_MODE: 'offline',
    WANDB_RUN_ID: '',
  };
  // The reference recipe sets project and group itself.
  const defaults = ['logger.wandb=True', 'logger.project_name=null', 'logger.wandb_cfg.group=null'];
  const read = (environment: Record<string, string>, ...overrides: string[]) =>
    wandbSettings(tinyConfig(folder, [...defaults, ...overrides]), environment);

  it('come from the environment, else are those of the reference', () => {
    expect(read(variables)).toMatchObject({
      mode: 'offline',
      entity: 'me',
      project: 'mine',
      group: 'ours',
      tags: ['a', 'b'],
      runId: null,
    });
    expect(read({}, 'config_type=walltime_efficient')).toMatchObject({
      mode: 'online',
      entity: null,
      project: 'ManiSkill',
      group: 'RLPD',
      tags: ['rlpd', 'walltime_efficient'],
    });
  });

  it('of the configuration win', () => {
    const overrides = [
      'logger.wandb_mode=online',
      'logger.project_name=p',
      'logger.wandb_cfg={entity: e, group: g, tags: [t], notes: n}',
    ];
    expect(read(variables, ...overrides)).toMatchObject({
      mode: 'online',
      entity: 'e',
      project: 'p',
      group: 'g',
      tags: ['t'],
      notes: 'n',
    });
  });

  it('are none where it is off', () => {
    expect(read({ WANDB_MODE: 'disabled' })).toBeNull();
    expect(read({}, 'logger.wandb_mode=disabled')).toBeNull();
    expect(read({}, 'logger.wandb=False')).toBeNull();
    expect(() => read({ WANDB_MODE: 'of' })).toThrow('online, offline or disabled');
  });
});

describe('a record log', () => {
  const BLOCK = 32 * 1024;
  const write = (sizes: readonly number[]) => {
    const path = join(folder, 'records');
    const contents = sizes.map((size, i) => new Uint8Array(size).fill(i + 1));
    const log = RecordLog.create(path, contents.slice(0, 1));
    for (const content of contents.slice(1)) log.append(content);
    log.close();
    return path;
  };

  it.each([
    [[0, 1, 100]],
    // The header takes 7 bytes of the first block and each chunk 7 more.
    [[BLOCK - 14, 5]],
    [[BLOCK - 14 - 7, 5]],
    [[BLOCK - 14 - 6, 5]],
    [[BLOCK - 15, 5]],
    [[3 * BLOCK, 2 * BLOCK - 7, 70_000, 1]],
  ])('gives records of %j bytes back', (sizes) => {
    const path = write(sizes);
    const found = [...readRecords(path)];
    expect(found.map(({ length }) => length)).toEqual(sizes);
    expect(found.every((record, i) => record.every((byte) => byte === i + 1))).toBe(true);
  });

  it('ends at the first torn or damaged record', () => {
    const path = write([100, 70_000, 100]);
    const file = readFileSync(path);
    for (const size of [0, 3, 7, 10, 114]) {
      writeFileSync(path, file.subarray(0, size));
      expect([...readRecords(path)].length).toBe(size === 114 ? 1 : 0);
    }
    writeFileSync(path, file.subarray(0, file.length - 1));
    expect([...readRecords(path)].length).toBe(2);
    file[40_000] ^= 1;
    writeFileSync(path, file);
    expect([...readRecords(path)].length).toBe(1);
  });
});

const python = pythonWith('wandb');

describe.skipIf(!python)("wandb's own reader", () => {
  it('finds every record', async () => {
    await writeRun();
    const found = python!(
      `
import json, sys
import wandb
wandb._set_internal_process(disable=True)
from wandb.sdk.internal.datastore import DataStore
from wandb.proto import wandb_internal_pb2
from google.protobuf.json_format import MessageToDict
store = DataStore()
store.open_for_scan(sys.argv[1])
records = []
while (data := store.scan_data()) is not None:
  record = wandb_internal_pb2.Record()
  record.ParseFromString(data)
  kind = record.WhichOneof('record_type')
  records.append([kind, MessageToDict(getattr(record, kind))])
print(json.dumps(records))`,
      recordsPath(),
    ) as [string, Record<string, never>][];
    const kinds = found.map(([kind]) => kind);
    const wanted = records().map((record) => snakeCase(kindOf(record)));
    expect(kinds).toEqual(wanted);
    const only = (kind: string) => found.filter(([name]) => name === kind).map(([, content]) => content);
    expect(only('run')[0]).toMatchObject({
      runId: RUN_ID,
      project: 'ManiSkill',
      runGroup: 'RLPD',
      displayName: 'exp',
      tags: ['rlpd'],
      startTime: '2023-11-14T22:13:20.500Z',
      config: {
        update: [
          { key: '_wandb', valueJson: '{}' },
          { key: 'seed', valueJson: '3' },
          { key: 'sac', valueJson: '{"num_qs":10}' },
          { key: 'demo_type', valueJson: 'null' },
        ],
      },
    });
    expect(only('metric')).toContainEqual({
      name: 'train/q',
      stepMetric: 'env_steps',
      options: { stepSync: true, defined: true },
    });
    expect(only('output_raw')[1]).toMatchObject({ outputType: 'STDOUT', line: 'finished\n' });
    expect(only('exit')).toEqual([{ exitCode: 3, runtime: expect.any(Number) }]);
    expect(only('history')[0]).toMatchObject({
      item: expect.arrayContaining([{ nestedKey: ['train/q'], valueJson: '0.5' }]),
      step: { num: '100' },
    });
  });
});

function kindOf({ num: _, ...content }: WandbRecord): string {
  return Object.keys(content)[0];
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
