import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { parse as parseYaml } from 'yaml';
import {
  applyOverride,
  type ConfigTree,
  DEFAULT_CONFIG,
  loadConfig,
  validateConfig,
} from '../config/load.js';
import type { Config } from '../config/schema.js';
import { repeatNotes, splitWords } from '../config/words.js';
import { UserError } from '../errors.js';
import { INTERRUPTED_EXIT_CODE, listenForStop } from '../stop_signal.js';
import type { LoadedCheckpoint } from '../training/checkpoint.js';
import { checkDataset } from '../training/dataset.js';
import { loadResumePoint } from '../training/intact_checkpoint.js';
import { checkLogs } from '../training/logs.js';
import { checkPlace, checkResumable } from '../training/resume.js';
import { createRunDisplay } from '../training/run_display.js';
import {
  createRunFolder,
  discardIfEmpty,
  openRunFolder,
  type RunFolder,
  withRunName,
  writeConfig,
} from '../training/run_folder.js';
import { train } from '../training/train.js';

/** `rlpd train [config.yml] [key=value …] [--resume exps/<name> [--checkpoint ckpt_<env steps>]]` */
export function trainCommand(): Command {
  return new Command('train')
    .description('train a policy from demonstrations and online experience')
    .argument(
      '[config and overrides...]',
      `a YAML file (default ${DEFAULT_CONFIG}), then key=value overrides`,
    )
    .option('--resume <run>', 'go on with the run in this folder')
    .option(
      '--checkpoint <name>',
      'with --resume: from this one in its models/, such as ckpt_10000 (default latest)',
    )
    .action(async (words: string[], { resume, checkpoint }: { resume?: string; checkpoint?: string }) => {
      if (resume === undefined && checkpoint !== undefined) {
        throw new UserError(`--checkpoint ${checkpoint} goes with --resume <run>`);
      }
      const start =
        resume === undefined ? await startNew(words) : await startAgain(resume, checkpoint, words);
      const display = createRunDisplay(start.config.verbose === 1);
      for (const note of start.notes) display.note(note);
      const stop = listenForStop(() => display.note('stopping after this step; once more ends at once'));
      try {
        const finished = await train(start.config, start.folder, start.checkpoint, display, stop.signal);
        process.exitCode = finished ? 0 : INTERRUPTED_EXIT_CODE;
      } finally {
        stop.release();
        if (resume === undefined) discardIfEmpty(start.folder);
      }
    });
}

interface Start {
  config: Config;
  folder: RunFolder;
  checkpoint: LoadedCheckpoint | null;
  notes: string[];
}

async function startNew(words: readonly string[]): Promise<Start> {
  const { path, overrides } = splitWords(words);
  const config = loadConfig(path ?? DEFAULT_CONFIG, overrides);
  await checkDataset(config);
  checkLogs(config);
  const folder = await createRunFolder(config);
  const notes = [`run ${folder.path} (${path ?? DEFAULT_CONFIG}, seed ${config.seed})`];
  if (folder.renamed) notes.unshift(`${folder.renamed} exists already: this run is called ${folder.name}`);
  notes.push(...repeatNotes(overrides));
  return { config: withRunName(config, folder.name), folder, checkpoint: null, notes };
}

async function startAgain(
  runPath: string,
  checkpointName: string | undefined,
  words: readonly string[],
): Promise<Start> {
  const { path, overrides } = splitWords(words);
  if (path !== undefined) {
    throw new UserError(
      `--resume takes the configuration from ${runPath}: leave out ${path}, or start a new run`,
    );
  }
  const folder = openRunFolder(runPath);
  const checkpoint = await loadResumePoint(folder, checkpointName);
  const tree = parseYaml(readFileSync(folder.configPath, 'utf8')) as ConfigTree;
  const before = validateConfig(tree, folder.configPath);
  for (const override of overrides) applyOverride(tree, override);
  const config = validateConfig(tree, folder.configPath);
  checkPlace(folder.path, before, config);
  checkResumable(checkpoint ?? { path: folder.configPath, config: before }, config);
  if (!checkpoint) await checkDataset(config);
  checkLogs(config);
  await writeConfig(folder, config);
  const notes = [`run ${folder.path}, seed ${config.seed}`, ...repeatNotes(overrides)];
  if (!checkpoint) notes.push('it was ended before its first checkpoint: starting it over');
  return { config, folder, checkpoint, notes };
}
