import { Command } from 'commander';
import { commandText } from '../command_text.js';
import { printResult } from '../console.js';
import { path, positiveInteger } from './arguments.js';

interface Flags {
  output: string;
  numEpisodes?: number;
  overwrite: boolean;
}

/** The command `rlpd data experience <checkpoint>`. */
export function dataExperienceCommand(): Command {
  return (
    new Command('experience')
      .description(
        'write the replay buffer of a checkpoint as a ManiSkill dataset: all that a training has seen',
      )
      .argument('<checkpoint>', 'a checkpoint file that keeps its replay buffer, or a run folder', path)
      .requiredOption('--output <path>', 'the .h5 file to write; its .json is written beside it', path)
      .option('--num-episodes <n>', 'only so many, the newest ones (default: all)', positiveInteger)
      .option('--overwrite', 'replace files that exist', false)
      // Loaded by this command alone: reading datasets needs no checkpoints.
      .action(async (target: string, { output, numEpisodes, overwrite }: Flags) => {
        const { findCheckpoint } = await import('../training/checkpoints/load_policy.js');
        const { loadOrOffer } = await import('../training/checkpoints/intact_checkpoint.js');
        const { writeExperience } = await import('../collect/write_experience.js');
        const checkpoint = await loadOrOffer(findCheckpoint(target), (intact) =>
          commandText('data experience', intact),
        );
        const options = { outputPath: output, overwrite, numEpisodes: numEpisodes ?? null };
        const { summary, stepsLeftOut } = await writeExperience(checkpoint, options);
        const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
        await printResult(
          `${output}: ${summary.episodes} episodes, success at the end ${percent(summary.success_at_end)}, at any step ` +
            `${percent(summary.success_once)}; ${stepsLeftOut} steps of episodes that are not whole were left out`,
        );
      })
  );
}
