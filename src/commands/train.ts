import { Command } from 'commander';
import type { EnvironmentSpec } from '../../envs/env.js';
import { DEFAULT_CONFIG } from '../config/load.js';
import type { Config } from '../config/schema.js';
import { taskSpecOf } from '../config/task.js';
import { repeatNotes, splitWords } from '../config/words.js';
import { UserError } from '../errors.js';
import { INTERRUPTED_EXIT_CODE, listenForStop } from '../stop_signal.js';
import { findResumePoint } from '../training/checkpoints/load_policy.js';
import { discardIfEmpty } from '../training/folder/run_folder.js';
import { type PreparedRun, prepareResumption, prepareRun } from '../training/prepare_run.js';
import { createRunDisplay } from '../training/run_display.js';
import { train } from '../training/train.js';
import { path } from './arguments.js';
import { type RecordingFlags, recorded, withRecordingFlags } from './recording.js';

interface Flags extends RecordingFlags {
  resume?: string;
  checkpoint?: string;
  allowChangedDataset: boolean;
}

/** The command `rlpd train [config.yml] [key=value …] [--resume exps/<name> [--checkpoint ckpt_<env steps>]]`. */
export function trainCommand(): Command {
  const command = new Command('train')
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
    .action(async (words: string[], flags: Flags) => {
      const { resume, checkpoint, allowChangedDataset } = flags;
      if (resume === undefined && checkpoint !== undefined) {
        throw new UserError(`--checkpoint ${checkpoint} goes with --resume <run>`);
      }
      if (resume === undefined && allowChangedDataset) {
        throw new UserError('--allow-changed-dataset goes with --resume <run>');
      }
      const { path: recipe, overrides } = splitWords(words);
      const prepared =
        resume === undefined
          ? await prepareRun(recipe ?? DEFAULT_CONFIG, overrides)
          : await prepareAgain(resume, checkpoint, recipe, overrides);
      const { config, folder } = prepared;
      const display = createRunDisplay(config.verbose === 1);
      for (const note of [...prepared.notes, ...repeatNotes(overrides)]) display.note(note);
      const stop = listenForStop(() => display.note('stopping after this step; once more ends at once'));
      try {
        await recorded(
          flags,
          command,
          () => experienceSpec(config),
          async (collector) => {
            const finished = await train(config, folder, prepared.checkpoint, display, stop.signal, {
              allowChangedDataset,
              ...(collector && { recordedEnvs: (envs, seed) => collector.wrapAll(envs, { seed }) }),
            });
            process.exitCode = finished ? 0 : INTERRUPTED_EXIT_CODE;
          },
        );
      } finally {
        stop.release();
        if (resume === undefined) discardIfEmpty(folder);
      }
    });
  return withRecordingFlags(command, 'the episodes of the phase online');
}

/** The environments whose episodes a training can record. Throws a UserError if it has none. */
function experienceSpec(config: Config): EnvironmentSpec {
  const spec = config.train.phases.includes('online') ? taskSpecOf(config) : null;
  if (spec) return spec;
  throw new UserError('--record: this training makes no experience, as it has no phase online: leave it out');
}

/** `name` is that of the checkpoint to go on from, if one is given apart from `target`. */
async function prepareAgain(
  target: string,
  name: string | undefined,
  recipe: string | undefined,
  overrides: readonly string[],
): Promise<PreparedRun> {
  const point = findResumePoint(target);
  if (point.name !== undefined && name !== undefined) {
    throw new UserError(`--resume ${target} names a checkpoint already: leave out --checkpoint ${name}`);
  }
  if (recipe !== undefined) {
    throw new UserError(
      `--resume takes the configuration from ${point.runPath}: leave out ${recipe}, or start a new run`,
    );
  }
  return prepareResumption({ ...point, name: point.name ?? name }, overrides);
}
