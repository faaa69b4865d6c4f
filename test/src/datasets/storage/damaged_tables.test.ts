import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { verifyDataset } from '../../../../src/datasets/registry.js';
import { UserError } from '../../../../src/errors.js';
import { RandomStream } from '../../../../src/rng.js';
import { folderOfTests } from '../../../temporary_folder.js';

const folder = folderOfTests();

test.each([
  ['Arrow', 'pendulum_arrow', 'data/0/part-0.arrow'],
  ['Arrow with LZ4', 'pendulum_arrow', 'data/1/part-0.arrow'],
  ['Arrow with Zstandard', 'pendulum_arrow', 'data/2/part-0.arrow'],
  ['Arrow with structures', 'reach_arrow', 'data/0/part-0.arrow'],
  ['Parquet', 'reach_parquet', 'data/0/part-0.parquet'],
])(
  '%s: whatever bytes are damaged, it is read or a UserError says what is wrong',
  async (name, source, file) => {
    const copy = join(folder, name);
    cpSync(`test/fixtures/minari/${source}`, copy, { recursive: true });
    const whole = readFileSync(join(copy, file));
    const random = new RandomStream(7);
    for (let trial = 0; trial < 40; trial++) {
      const bytes = Buffer.from(whole);
      for (let i = 0; i < 3; i++) bytes[random.integer(bytes.length)] = random.integer(256);
      writeFileSync(join(copy, file), bytes);
      const outcome = await verifyDataset(copy).catch((error: unknown) => error);
      if (outcome instanceof Error) expect(outcome).toBeInstanceOf(UserError);
    }
  },
);
