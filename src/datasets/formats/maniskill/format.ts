import type { DatasetFormat } from '../../format.js';
import { metadataPath } from './json.js';

/** ManiSkill's own recordings, and what other tools write in their layout. */
export const maniskill: DatasetFormat = {
  name: 'ManiSkill',
  given: 'a .h5 file with its .json beside it',
  detect: async (path) => path.endsWith('.h5'),
  open: async (path, task) => (await import('./episodes.js')).ManiSkillEpisodes.open(path, task),
  files: (path) =>
    new Map([
      ['h5', path],
      ['json', metadataPath(path)],
    ]),
  writing: {
    output: 'a .h5 file, beside which a .json is written',
    isOutput: (path) => path.endsWith('.h5'),
    create: async (target, head) => (await import('./rewriter.js')).ManiSkillRewriter.create(target, head),
  },
  verify: async (path, options) => (await import('./verify_dataset.js')).verifyManiSkill(path, options),
};
