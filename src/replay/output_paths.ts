import { basename, dirname, join } from 'node:path';
import { SIM_BACKEND } from '../datasets/formats/maniskill/generator.js';

/**
 * Path that a replay of `path` is written to unless another is given: as ManiSkill's tool does it,
 * `<name>.<obs_mode>.<control_mode>.<sim_backend>.h5` beside the input, whose name counts up to its first dot.
 */
export function defaultOutputPath(path: string, obsMode: string, controlMode: string): string {
  const name = basename(path).split('.')[0];
  return join(dirname(path), `${name}.${obsMode}.${controlMode}.${SIM_BACKEND}.h5`);
}

/** Folder of a replay's videos: beside its dataset, with its name. */
export function videoFolderOf(outputPath: string): string {
  return join(dirname(outputPath), `${basename(outputPath, '.h5')}.videos`);
}
