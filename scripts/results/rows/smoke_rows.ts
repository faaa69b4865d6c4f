import { createTemporaryFolder } from '../../../src/files/folders.js';
import type { Tier } from '../tiers/tiers.js';
import type { ComparisonBlock, Row } from './row.js';

/** Overrides for trainings of seconds, with small networks. */
const SHORT = [
  'env.num_envs=2',
  'train.steps=48',
  'sac.steps_per_env=4',
  'sac.grad_updates_per_step=4',
  'sac.num_seed_steps=16',
  'sac.batch_size=16',
  'sac.bc_warm_start_steps=20',
  'sac.eval_freq=24',
  'sac.eval_episodes=4',
  'eval_env.num_envs=4',
  'eval.num_videos=0',
  'network.actor.arch_cfg.features=[16]',
  'network.critic.arch_cfg.features=[16]',
];
const FEW_DEMOS = 'train.num_demos=5';

/** Number of seeds by row that a check makes: together these rows have every part of the work. */
const SEEDS: Record<string, number> = { wall_clock: 2, bad_demos: 1, tiers: 1 };

/** Changes to a new folder and returns the rows, cut down to what a check can make in half a minute. */
export function enterSmoke(rows: readonly Row[]): Row[] {
  process.chdir(createTemporaryFolder('results'));
  console.log(`a check with tiny trainings in ${process.cwd()}`);
  return rows.map(shrunk);
}

/** The ids of the rows that a check makes. */
export function smokeRowIds(): string[] {
  return Object.keys(SEEDS);
}

/** Two algorithms on the tiers that need no training. */
function shrunkBlock(block: ComparisonBlock): ComparisonBlock {
  const tiers: readonly (Tier | null)[] = ['expert', 'random'];
  return {
    ...block,
    algorithms: block.algorithms.slice(0, 2),
    datasets: block.datasets.filter(({ tier }) => tiers.includes(tier)),
    seeds: block.seeds.slice(0, 1),
    overrides: [
      ...block.overrides.filter((word) => !/^train.(offline_steps|eval_)|^eval_env/.test(word)),
      'train.offline_steps=20',
      'train.eval_freq=20',
      'train.eval_episodes=4',
      'eval_env.num_envs=4',
    ],
  };
}

function shrunk(row: Row): Row {
  if (row.kind === 'transfer') return row;
  if (row.kind === 'comparison') return { ...row, blocks: row.blocks.slice(0, 1).map(shrunkBlock) };
  return {
    ...row,
    seeds: row.seeds.slice(0, SEEDS[row.id]),
    datasets: row.datasets.map(({ path, args }) => ({ path, args: [...args, '--num-episodes', '6'] })),
    variants: row.variants.map((variant) => ({
      ...variant,
      overrides: [...variant.overrides, ...SHORT, FEW_DEMOS],
    })),
  };
}
