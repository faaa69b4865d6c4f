import { performForOthers } from '../threads/perform_tasks.js';
import { EpisodeReplayer } from './episode_replayer.js';

await performForOthers(EpisodeReplayer.create);
