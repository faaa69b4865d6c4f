import { setImmediate } from 'node:timers/promises';
import type { Metrics } from '../agents/agent.js';
import { toEnvironmentActions } from '../data/action_scale.js';
import { demoRowsOf } from '../data/symmetric_sampler.js';
import { allocateBatches, type TransitionBatches } from '../data/transitions.js';
import { UserError } from '../errors.js';
import { prefixed } from '../logging/logger.js';
import { MeanMetrics } from '../logging/mean_metrics.js';
import { shortNumber, summaryMetrics } from '../logging/tables.js';
import { EpisodeAccumulator, type EpisodeStats, summariseEpisodes } from '../rollout/episode_stats.js';
import type { StopSignal } from '../stop_signal.js';
import { evaluateRun } from './evaluation.js';
import { passedMultiple, type Run } from './run.js';
import { saveRun } from './saving.js';

/** Half of every batch is demonstrations: symmetric sampling. */
const SYMMETRIC = 0.5;

/**
 * The online phase: collect `sac.steps_per_env` steps in every environment, then make `sac.grad_updates_per_step`
 * updates on batches of which half are demonstrations and half online experience (Ball et al. 2023, algorithm 1).
 * Ends after `train.steps` env steps or when a stop is requested. Throws a UserError if the losses stop being finite.
 */
export async function trainOnline(run: Run, stop: StopSignal): Promise<void> {
  const { config, progress, agent } = run;
  const { sac, train } = config;
  const batches = allocateBatches(
    sac.grad_updates_per_step,
    sac.batch_size,
    demoRowsOf(sac.batch_size, SYMMETRIC),
    agent.observationDim,
    agent.actionDim,
  );
  const interval = new Interval(run);
  // A run resumed without its buffer refills it before it goes on updating.
  const firstUpdateAt = run.replay.size > 0 ? sac.num_seed_steps : progress.envSteps + sac.num_seed_steps;
  const bar = run.display.startBar('online', train.steps, 'env steps', progress.envSteps);
  try {
    while (progress.envSteps < train.steps && !stop.aborted) {
      const before = progress.envSteps;
      await collect(run, interval);
      if (progress.envSteps >= firstUpdateAt) await improve(run, batches, interval);
      bar.update(progress.envSteps, interval.live());
      if (passedMultiple(before, progress.envSteps, sac.log_freq)) {
        run.logger.log(progress.envSteps, interval.take());
      }
      if (passedMultiple(before, progress.envSteps, sac.eval_freq)) await evaluateRun(run);
      if (passedMultiple(before, progress.envSteps, sac.save_freq)) {
        await saveRun(run, `ckpt_${progress.envSteps}`);
      }
      await setImmediate(); // lets Ctrl-C through, whatever the backend
    }
  } finally {
    bar.stop();
  }
}

async function collect(run: Run, interval: Interval): Promise<void> {
  const { config, progress, agent, envs, replay } = run;
  const start = performance.now();
  const actions = new Float32Array(envs.numEnvs * agent.actionDim);
  const envActions = run.actionScale ? new Float32Array(actions.length) : actions;
  const observations = new Float32Array(envs.observations.length);
  for (let step = 0; step < config.sac.steps_per_env; step++) {
    observations.set(envs.observations);
    const explore = progress.envSteps < config.sac.num_seed_steps && !config.sac.seed_with_policy;
    if (explore) run.seedActions.fillUniform(actions, -1, 1);
    else await agent.act(observations, actions, 'sample');
    if (run.actionScale) {
      envActions.set(actions);
      toEnvironmentActions(envActions, run.actionScale);
    }
    await envs.step(envActions);
    replay.add({
      observations,
      actions,
      rewards: envs.rewards,
      nextObservations: envs.nextObservations,
      terminated: envs.terminated,
      truncated: envs.truncated,
    });
    interval.finished.push(...interval.episodes.add(envs));
    progress.envSteps += envs.numEnvs;
  }
  interval.rolloutSeconds += (performance.now() - start) / 1000;
}

async function improve(run: Run, batches: TransitionBatches, interval: Interval): Promise<void> {
  const start = performance.now();
  run.sampler.fill(batches);
  const metrics = await run.agent.update(batches);
  run.progress.gradientSteps += batches.count;
  interval.updateSeconds += (performance.now() - start) / 1000;
  interval.updates.add(metrics);
  const broken = Object.entries(metrics).find(([, value]) => !Number.isFinite(value));
  if (broken) {
    throw new UserError(
      `${broken[0]} became ${broken[1]} after ${run.progress.gradientSteps} gradient steps; the checkpoints in ` +
        `${run.folder.modelsPath} are from before. A lower train.actor_lr or train.critic_lr may help`,
    );
  }
}

/** What happened since the last log line. */
class Interval {
  readonly updates = new MeanMetrics();
  readonly episodes: EpisodeAccumulator;
  finished: EpisodeStats[] = [];
  rolloutSeconds = 0;
  updateSeconds = 0;
  private startSeconds: number;
  private startEnvSteps: number;
  private startGradientSteps: number;
  private lastSuccess: number | undefined;

  constructor(private readonly run: Run) {
    this.episodes = new EpisodeAccumulator(run.envs.numEnvs);
    this.startSeconds = run.seconds();
    this.startEnvSteps = run.progress.envSteps;
    this.startGradientSteps = run.progress.gradientSteps;
  }

  /** What the progress line shows beside the rate. */
  live(): string {
    const success = this.lastSuccess === undefined ? '' : `, success ${this.lastSuccess.toFixed(2)}`;
    return `${shortNumber(this.run.progress.gradientSteps)} updates${success}`;
  }

  /** The interval's metrics; starts the next interval. */
  take(): Metrics {
    const { run } = this;
    const seconds = run.seconds() - this.startSeconds;
    const envSteps = run.progress.envSteps - this.startEnvSteps;
    const gradientSteps = run.progress.gradientSteps - this.startGradientSteps;
    const metrics: Metrics = { ...prefixed('train', this.updates.take()) };
    if (this.finished.length > 0) {
      const summary = summariseEpisodes(this.finished);
      Object.assign(metrics, prefixed('train', summaryMetrics(summary)));
      this.lastSuccess = summary.success_at_end;
      this.finished = [];
    }
    metrics['train/training_steps'] = run.progress.gradientSteps;
    metrics['train/replay_size'] = run.replay.size;
    metrics['time/SPS'] = envSteps / seconds;
    metrics['time/rollout_fps'] = envSteps / this.rolloutSeconds;
    if (gradientSteps > 0) metrics['time/update_ms'] = (1000 * this.updateSeconds) / gradientSteps;
    metrics['time/update_share'] = this.updateSeconds / seconds;
    this.rolloutSeconds = 0;
    this.updateSeconds = 0;
    this.startSeconds = run.seconds();
    this.startEnvSteps = run.progress.envSteps;
    this.startGradientSteps = run.progress.gradientSteps;
    return metrics;
  }
}
