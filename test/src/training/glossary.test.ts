import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRecords } from '../../../src/logging/wandb/record_log.js';
import { recordCodec } from '../../../src/logging/wandb/schema.js';
import { NEVER_STOP } from '../../../src/stop_signal.js';
import { createRunFolder } from '../../../src/training/folder/run_folder.js';
import { train } from '../../../src/training/train.js';
import { folderOfTests } from '../../temporary_folder.js';
import { silentDisplay, tinyConfig } from './tiny_run.js';

const workspace = folderOfTests();

/** The names in the first column of the table of metrics, braces written out. */
function glossary(): string[] {
  const [, section] = readFileSync('exps/README.md', 'utf8').split('\n## Metrics\n');
  const cells = section.matchAll(/^\| `([^`]+)` \|/gm);
  return [...cells].flatMap(([, name]) => withoutBraces(name));
}

function withoutBraces(name: string): string[] {
  const match = /^(.*?)\{(.*?)\}(.*)$/.exec(name);
  if (!match) return [name];
  const [, before, alternatives, after] = match;
  return alternatives.split(',').flatMap((alternative) => withoutBraces(before + alternative + after));
}

/** The names that a run logs: its record for Weights & Biases defines each once, numbers and histograms. */
async function loggedNames(): Promise<string[]> {
  const config = tinyConfig(workspace, [
    'logger.wandb=True',
    'logger.wandb_mode=offline',
    'eval.num_videos=1',
  ]);
  const folder = await createRunFolder(config);
  await train(config, folder, null, silentDisplay(), NEVER_STOP);
  const wandb = join(folder.path, 'wandb', readdirSync(join(folder.path, 'wandb'))[0]);
  const file = readdirSync(wandb).find((name) => name.endsWith('.wandb'))!;
  const records = [...readRecords(join(wandb, file))].map((bytes) => recordCodec.decode(bytes));
  return records.flatMap(({ metric }) => (metric?.stepMetric ? [metric.name] : []));
}

describe('the glossary of metrics', () => {
  it('has every metric that a run logs, and no other', async () => {
    expect(glossary().sort()).toEqual((await loggedNames()).sort());
  });
});
