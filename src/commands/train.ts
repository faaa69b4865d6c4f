import { Command } from 'commander';
import { changedConfig, DEFAULT_CONFIG, readConfigFile } from '../config/load.js';
import type { Config } from '../config/schema.js';
import { repeatNotes, splitWords } from '../config/words.js';
import { UserError } from '../errors.js';
import { INTERRUPTED_EXIT_CODE, listenForStop } from '../stop_signal.js';
import type { LoadedCheckpoint } from '../training/checkpoints/checkpoint.js';
import { loadResumePoint } from '../training/checkpoints/intact_checkpoint.js';
import { findResumePoint } from '../training/checkpoints/load_policy.js';
import { checkNothingToLose, checkPlace, checkResumable } from '../training/checkpoints/resume.js';
import { checkDataset, withDatasetEverywhere } from '../training/dataset/run_dataset.js';
import { discardIfEmpty, openRunFolder, type RunFolder } from '../training/folder/run_folder.js';
import { checkLogs } from '../training/logs/open_logs.js';
import { prepareRun } from '../training/prepare_run.js';
import { createRunDisplay } from '../training/run_display.js';
import { checkTaskSettings } from '../training/task_settings.js';
import { train } from '../training/train.js';
import { path } from './arguments.js';

interface Flags {
  resume?: string;
  checkpoint?: string;
  allowChangedDataset: boolean;
}

/** The command `rlpd train [config.yml] [key=value …] [--resume exps/<name> [--checkpoint ckpt_<env steps>]]`. */
export function trainCommand(): Command {
  return new Command('train')
    .description('train a policy from demonstrations and online experience')
    .argument(
      '[config and overrides...]',
      `a YAML file (default ${DEFAULT_CONFIG}), then key=value overrides`,
    )
    .option(
      '--resume <run>',
      'go on with the run in this folder, or from this checkpoint in its models/',
      path,
    )
    .option(
      '--checkpoint <name>',
      'with --resume: from this one in its models/, such as ckpt_10000 (default latest)',
    )
    .option(
      '--allow-changed-dataset',
      'with --resume: also if its dataset is another than it began with',
      false,
    )
    .action(async (words: string[], { resume, checkpoint, allowChangedDataset }: Flags) => {
      if (resume === undefined && checkpoint !== undefined) {
        throw new UserError(`--checkpoint ${checkpoint} goes with --resume <run>`);
      }
      if (resume === undefined && allowChangedDataset) {
        throw new UserError('--allow-changed-dataset goes with --resume <run>');
      }
      const start =
        resume === undefined ? await startNew(words) : await startAgain(resume, checkpoint, words);
      const display = createRunDisplay(start.config.verbose === 1);
      for (const note of start.notes) display.note(note);
      const stop = listenForStop(() => display.note('stopping after this step; once more ends at once'));
      try {
        const { config, folder, checkpoint } = start;
        const finished = await train(config, folder, checkpoint, display, stop.signal, {
          allowChangedDataset,
        });
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
  const { path: recipe = DEFAULT_CONFIG, overrides } = splitWords(words);
  const { config, folder, notes } = await prepareRun(recipe, overrides);
  return { config, folder, checkpoint: null, notes: [...notes, ...repeatNotes(overrides)] };
}

async function startAgain(
  target: string,
  checkpointName: string | undefined,
  words: readonly string[],
): Promise<Start> {
  const { runPath, name } = findResumePoint(target);
  if (name !== undefined && checkpointName !== undefined) {
    throw new UserError(
      `--resume ${target} names a checkpoint already: leave out --checkpoint ${checkpointName}`,
    );
  }
  const { path: recipe, overrides } = splitWords(words);
  if (recipe !== undefined) {
    throw new UserError(
      `--resume takes the configuration from ${runPath}: leave out ${recipe}, or start a new run`,
    );
  }
  const folder = openRunFolder(runPath);
  const checkpoint = await loadResumePoint(folder, name ?? checkpointName);
  if (!checkpoint) checkNothingToLose(folder);
  const tree = readConfigFile(folder.configPath);
  const before = changedConfig(tree, [], folder.configPath);
  const config = withDatasetEverywhere(changedConfig(tree, overrides, folder.configPath));
  checkPlace(folder.path, before, config);
  checkResumable(checkpoint ?? { path: folder.configPath, config: before }, config);
  if (!checkpoint) await checkDataset(config);
  checkTaskSettings(config);
  checkLogs(config);
  const notes = [`run ${folder.path}, seed ${config.seed}`, ...repeatNotes(overrides)];
  if (!checkpoint) notes.push('it was ended before its first checkpoint: starting it over');
  return { config, folder, checkpoint, notes };
}
