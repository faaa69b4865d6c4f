import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ALGORITHM_NAMES, algorithmOf } from '../../../src/config/algorithm_sections.js';
import { declaredPhases } from '../../../src/learner/algorithm.js';
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

/** Options that are off by default, and have metrics of their own. */
const EXTRAS = { lagrangeThreshold: 1 };

/** The groups in which the metrics of updates are logged. */
const GROUPS = { model: 'model', balance: 'train', clone: 'pretrain', offline: 'train', online: 'train' };

/** The metrics of an algorithm that learns a model, beside those of updates. */
const OF_MODELS = ['model/error', 'train/imagined_reward', 'train/imagined_doubt', 'train/imagined_end_rate'];

/** The metrics of an algorithm that draws by priorities. */
const OF_BALANCE = ['train/experience_share'];

/** The names that runs of all algorithms log of their updates. */
function updateNames(): string[] {
  return ALGORITHM_NAMES.flatMap((name) => {
    const algorithm = algorithmOf(name);
    const sizes = { observationDim: 2, actionDim: 1, batchSize: 2 };
    const extras = Object.entries(EXTRAS).filter(([option]) => option in algorithm.options.shape);
    const options = algorithm.options.parse(Object.fromEntries(extras));
    const declaration = algorithm.declare(options, sizes);
    const own = declaredPhases(declaration).flatMap(([phase, { metrics }]) =>
      metrics.map((metric) => `${GROUPS[phase]}/${metric.name}`),
    );
    const ofBalance = declaration.balance ? OF_BALANCE : [];
    return [...own, ...(declaration.imagination ? OF_MODELS : []), ...ofBalance];
  });
}

describe('the glossary of metrics', () => {
  it('has every metric that a run logs, of any algorithm, and no other', async () => {
    // Only tasks with reference scores have it; that of this training has none.
    const names = new Set([...(await loggedNames()), ...updateNames(), 'eval/normalized_score']);
    expect(glossary().sort()).toEqual([...names].sort());
  });
});
