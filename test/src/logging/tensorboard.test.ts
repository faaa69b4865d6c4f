import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { imageSize } from '../../../src/logging/image_size.js';
import type { LogDestination } from '../../../src/logging/logger.js';
import { createTensorBoardLogger } from '../../../src/logging/tensorboard/tensorboard_logger.js';
import { folderOfTest } from '../../temporary_folder.js';
import { hexDump, ONE_PIXEL_PNG, pythonWith } from './support.js';

let folder: string;
beforeEach(() => {
  folder = folderOfTest();
});

const START = 1_700_000_000_000;

function open(resumedAt: number | null = null): LogDestination {
  let clock = START;
  return createTensorBoardLogger({
    folder,
    configText: 'seed: 3\nenv:\n  env_id: PickCube-v1\n',
    hyperparameters: { seed: 3, 'env.env_id': 'PickCube-v1', jax_env: false },
    resumedAt,
    now: () => (clock += 250),
  });
}

async function writeRun(): Promise<void> {
  const first = open();
  first.log(100, { 'train/q': 0.5, 'time/SPS': 0 });
  first.histogram!(100, 'histograms/q', [0, 1, 1, 3]);
  first.video!(100, 'eval/video', { path: 'unused.mp4', image: ONE_PIXEL_PNG });
  first.log(200, { 'train/q': 0.75 });
  first.log(300, { 'train/q': Number.NaN });
  await first.close(130);
  const second = open(200);
  second.log(300, { 'train/q': 1 });
  await second.close(0);
}

const files = () => readdirSync(folder).sort();

describe('the TensorBoard logger', () => {
  it('writes the recorded bytes', async () => {
    await writeRun();
    expect(files().map((name) => name.split('.').slice(0, 5).join('.'))).toEqual([
      'events.out.tfevents.1700000000.000',
      'events.out.tfevents.1700000000.001',
    ]);
    const dumps = files().map((name) => hexDump(readFileSync(join(folder, name))));
    await expect(dumps.join('\n')).toMatchFileSnapshot('../../fixtures/logging/tensorboard.hex');
  });

  it('leaves nothing to be written when a call returns', () => {
    const logger = open();
    const size = () => readFileSync(join(folder, files()[0])).length;
    const before = size();
    logger.log(1, { 'train/q': 1 });
    expect(size()).toBeGreaterThan(before);
  });
});

const python = pythonWith('tensorboard');

describe.skipIf(!python)("TensorBoard's own reader", () => {
  it('finds everything, and what was logged after the checkpoint of a resumed run only once', async () => {
    await writeRun();
    const found = python!(
      `
import json, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams import metadata
events = EventAccumulator(sys.argv[1], size_guidance={})
events.Reload()
histogram = events.Histograms('histograms/q')[0]
image = events.Images('eval/video')[0]
hparams = events.SummaryMetadata('_hparams_/session_start_info').plugin_data.content
start = metadata.parse_session_start_info_plugin_data(hparams)
print(json.dumps({
  'version': events.file_version,
  'tags': events.Tags(),
  'scalars': [[e.step, e.wall_time, e.value] for e in events.Scalars('train/q')],
  'zero': events.Scalars('time/SPS')[0].value,
  'histogram': [histogram.step, vars(histogram.histogram_value)],
  'image': [image.step, image.width, image.height, len(image.encoded_image_string)],
  'texts': [[e.step, e.tensor_proto.string_val[0].decode()] for e in events.Tensors('config/text_summary')],
  'hparams': {k: getattr(v, v.WhichOneof('kind')) for k, v in start.hparams.items()},
}))`,
      folder,
    );
    const config = '```yaml\nseed: 3\nenv:\n  env_id: PickCube-v1\n```';
    const edges = Array.from({ length: 64 }, (_, i) => (3 * (i + 1)) / 64);
    expect(found).toMatchObject({
      version: 2,
      tags: { scalars: ['train/q', 'time/SPS'], images: ['eval/video'], histograms: ['histograms/q'] },
      scalars: [
        [100, expect.any(Number), 0.5],
        [200, expect.any(Number), 0.75],
        [300, expect.any(Number), 1],
      ],
      zero: 0,
      histogram: [
        100,
        { min: 0, max: 3, num: 4, sum: 5, sum_squares: 11, bucket_limit: edges, bucket: expect.any(Array) },
      ],
      image: [100, 1, 1, ONE_PIXEL_PNG.length],
      texts: [
        [0, config],
        [200, config],
      ],
      hparams: { seed: 3, 'env.env_id': 'PickCube-v1', jax_env: false },
    });
  });
});

describe('imageSize', () => {
  it('reads what GIF and PNG state, and refuses the rest', () => {
    expect(imageSize(ONE_PIXEL_PNG)).toEqual({ width: 1, height: 1 });
    const gif = Buffer.from('GIF89a\x40\x01\xf0\x00', 'latin1');
    expect(imageSize(gif)).toEqual({ width: 320, height: 240 });
    expect(() => imageSize(Buffer.from('JFIF, say'))).toThrow('GIF or a PNG');
  });
});
