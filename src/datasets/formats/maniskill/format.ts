import type { DatasetFormat } from '../../format.js';
import { ManiSkillEpisodes } from './episodes.js';
import { metadataPath } from './json.js';
import { verifyManiSkill } from './verify_dataset.js';

/** ManiSkill's own recordings, and what other tools write in their layout. */
export const maniskill: DatasetFormat = {
  name: 'ManiSkill',
  given: 'a .h5 file with its .json beside it',
  detect: async (path) => path.endsWith('.h5'),
  open: (path, task) => ManiSkillEpisodes.open(path, task),
  files: (path) =>
    new Map([
      ['h5', path],
      ['json', metadataPath(path)],
    ]),
  verify: verifyManiSkill,
};
