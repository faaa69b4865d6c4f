import { loadConfig } from '../../../src/config/load.js';
import type { Config } from '../../../src/config/schema.js';
import { readMetricsFile } from '../../../src/logging/metrics_file.js';
import type { StopSignal } from '../../../src/stop_signal.js';
import {
  checkpointPath,
  type LoadedCheckpoint,
  loadCheckpoint,
} from '../../../src/training/checkpoints/checkpoint.js';
import type { RunFolder } from '../../../src/training/folder/run_folder.js';
import type { RunDisplay } from '../../../src/training/run_display.js';

/** A training of seconds over the reference's recipe: small networks, two environments, three demonstrations. */
export const TINY: readonly string[] = [
  'train.dataset_path=test/fixtures/demos/pick_cube.h5',
  'train.steps=160',
  'train.save_buffer_in_checkpoints=True',
  'env.num_envs=2',
  'env.randomization={friction: 0.3, mass: 0.3, latency_steps: 1, observation_noise: 0.001}',
  'train.batch_size=16',
  'train.num_seed_steps=32',
  'train.steps_per_env=4',
  'train.grad_updates_per_step=4',
  'train.early_grad_updates_per_step=6',
  'train.early_env_steps=100',
  'rlpd.actor_update_freq=2',
  'rlpd.num_qs=3',
  'train.bc_warm_start_steps=20',
  'rlpd.bc_weight=0.5',
  'train.n_step=3',
  'train.normalize_observations=True',
  'train.augment_mirror=True',
  'train.augment_turn=0.1',
  'rlpd.actor_tau=0.1',
  'train.exploration_noise=0.2',
  'train.exploration_correlation=0.5',
  'train.log_freq=40',
  'train.eval_freq=80',
  'train.save_freq=80',
  'train.eval_episodes=2',
  'eval.num_videos=0',
  'network.actor.arch_cfg.features=[32, 32]',
  'network.critic.arch_cfg.features=[32, 32]',
];

export function tinyConfig(workspace: string, overrides: readonly string[] = []): Config {
  const place = ['logger.exp_name=tiny', `logger.workspace=${workspace}`];
  return loadConfig('configs/base_rlpd_ms3.yml', [...TINY, ...place, ...overrides]);
}

/** The checkpoint that a run has saved last. */
export function latest({ modelsPath }: RunFolder): Promise<LoadedCheckpoint> {
  return loadCheckpoint(checkpointPath(modelsPath, 'latest'));
}

/** The parts of a checkpoint that are the same in equal runs: everything but names and times. */
export function comparable(checkpoint: LoadedCheckpoint) {
  const { agent, sampler, exploration, replay, imagined, balanced, episodes, progress, interval } =
    checkpoint;
  const { seconds: _, evaluations, ...counters } = progress;
  const { start, phases: _phases, ...rest } = interval;
  const sofar = { ...rest, start: { ...start, seconds: 0 } };
  const results = evaluations.map(({ seconds, ...rest }) => rest);
  return {
    agent,
    sampler,
    exploration,
    replay,
    imagined,
    balanced,
    episodes,
    counters,
    interval: sofar,
    results,
  };
}

/** The rows of a run's metrics without what a clock has measured. */
export function comparableMetrics({ metricsPath }: RunFolder) {
  return readMetricsFile(metricsPath).map((row) =>
    Object.fromEntries(Object.entries(row).filter(([name]) => !/^(time|memory)\/|seconds$/.test(name))),
  );
}

/** Shows nothing and keeps the notes. */
export function silentDisplay(): RunDisplay & { notes: string[] } {
  const notes: string[] = [];
  return {
    notes,
    note: (text) => notes.push(text),
    listen() {},
    startBar: () => ({ update() {}, print() {}, stop() {} }),
    evaluation() {},
    demonstrations() {},
  };
}

/** A stop request that comes when it is looked at for the `count`-th time. */
export function stopAtLook(count: number): StopSignal {
  let looks = 0;
  return {
    get aborted() {
      return ++looks >= count;
    },
  };
}
