import { Command } from 'commander';
import { UserError } from '../errors.js';
import { recordedVideo } from '../video/recorded_video.js';
import { isStill } from '../video/write_video.js';
import { frameRate, integerBetween, naturalNumber, path, positiveInteger } from './arguments.js';
import { idleFlags } from './idle_flags.js';
import { checkVideoOutput, fewerClips, writeVideoWithProgress } from './video_output.js';

interface Flags {
  episode: number[];
  count?: number;
  out: string;
  step?: number;
  fps: number;
  size: number;
  overwrite: boolean;
}

/** The command `rlpd render <file.h5> --episode 3 --out x.mp4`. */
export function renderCommand(): Command {
  return new Command('render')
    .description('draw recorded episodes, side by side, as a video or a picture')
    .argument('<file>', 'the .h5 file; its .json is found beside it', path)
    .requiredOption('--out <path>', 'the file to write: .mp4, .gif, or .png for a picture', path)
    .option('--episode <id>', 'an episode to show; may be given several times', collect, [])
    .option('--count <n>', 'show the first n episodes (1 if no --episode is given)', positiveInteger)
    .option('--step <n>', 'for a picture: the moment after n steps, instead of the last', naturalNumber)
    .option('--fps <n>', 'frames a second; robots are controlled at 20', frameRate, 20)
    .option('--size <pixels>', 'width and height of each episode', integerBetween(64, 2048), 512)
    .option('--overwrite', 'replace a file that exists', false)
    .action(run);
}

async function run(file: string, flags: Flags, command: Command): Promise<void> {
  const { episode, count, step, fps, size, overwrite, out } = flags;
  await checkVideoOutput(out, overwrite);
  if (step !== undefined && !isStill(out))
    throw new UserError(`--step is for pictures: ${out} is not a .png`);
  if (episode.length > 0 && count !== undefined) throw new UserError('give --episode or --count, not both');
  const video = await recordedVideo({
    path: file,
    episodes: episode.length > 0 ? episode : { first: count ?? 1 },
    step: step ?? null,
    fps,
    tileSize: size,
  });
  const notes = [
    ...idleFlags(command, { fps: isStill(out) ? `${out} is a picture` : null }),
    ...fewerClips(video, count ?? 0),
  ];
  for (const note of notes) console.log(note);
  await writeVideoWithProgress(out, video);
}

function collect(text: string, previous: readonly number[]): number[] {
  return [...previous, naturalNumber(text)];
}
