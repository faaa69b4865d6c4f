import { DEFAULT_CONFIG } from '../../../src/config/load.js';
import { realDemosOf, type TrainingRow } from './row.js';

/** Tasks whose demonstrations by ManiSkill's motion planner clone well, and how many steps the slowest ones take, about. */
const STEPS: Readonly<Record<string, number>> = {
  'PushCube-v1': 100,
  'PullCube-v1': 110,
};

export const maniskillDemos: TrainingRow = {
  kind: 'training',
  id: 'maniskill_demos',
  title: "ManiSkill's motion-planned demonstrations of other tasks, cloned",
  text:
    "100 demonstrations of ManiSkill's motion planner for each task, with the states and actions that it recorded, are cloned, " +
    'and nothing else is learnt. They are longer than an episode of the task; policies are given as long.',
  minutes: 2,
  variants: Object.entries(STEPS).map(([envId, steps]) => ({
    name: envId,
    config: DEFAULT_CONFIG,
    overrides: [
      `env.env_id=${envId}`,
      `train.dataset_path=${realDemosOf(envId)}`,
      'train.num_demos=100',
      'train.phases=[clone]',
      // A planner halts between its motions: who sees no speed halts for good.
      'network.observations=[agent.*, extra.*]',
      'train.bc_warm_start_steps=5000',
      `env.max_episode_steps=${steps}`,
      `eval_env.max_episode_steps=${steps}`,
      'eval.num_videos=0',
    ],
  })),
  seeds: [0, 1],
  datasets: [],
  x: 'env_steps',
  picture: null,
  overview: null,
  isTimed: false,
  limitMinutes: null,
};
