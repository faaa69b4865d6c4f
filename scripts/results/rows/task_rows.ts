import { environmentIds } from '../../../envs/registry.js';
import { DEFAULT_CONFIG } from '../../../src/config/load.js';
import type { TrainingRow } from './row.js';

export const tasks: TrainingRow = {
  kind: 'training',
  id: 'tasks',
  title: 'All tasks by one recipe',
  text:
    'The default recipe on every task, from sparse rewards and 1,000 demonstrations of the scripted expert each. What ' +
    'cloning alone reaches stands beside it. In RollBall-v1 the ball rolls on through its goal: what counts there is success ' +
    'at any step.',
  minutes: 6,
  variants: environmentIds().map((envId) => ({
    name: envId,
    config: DEFAULT_CONFIG,
    overrides: [`env.env_id=${envId}`],
  })),
  seeds: [0, 1, 2],
  datasets: [],
  x: 'env_steps',
  picture: 'apart',
  overview: null,
  isTimed: false,
  limitMinutes: null,
};
