import { setImmediate } from 'node:timers/promises';
import { toEnvironmentActions } from '../data/action_scale.js';
import { demoRowsOf } from '../data/symmetric_sampler.js';
import { allocateBatches, type TransitionBatches } from '../data/transitions.js';
import type { StopSignal } from '../stop_signal.js';
import { evaluateRun } from './evaluation.js';
import { EnvironmentFailure } from './failures.js';
import { beginInterval, logInterval } from './log_interval.js';
import { passedMultiple, type Run } from './run.js';
import { saveNumbered } from './saving.js';
import { gradUpdatesAt, imitationWeight } from './schedules.js';
import { checkLosses, checkStep } from './watchdog.js';

/** Half of every batch is demonstrations: symmetric sampling. */
const SYMMETRIC = 0.5;

/**
 * The online phase: collect `sac.steps_per_env` steps in every environment, then make `sac.grad_updates_per_step`
 * updates, or as many as are due early on, on batches of which half are demonstrations and half online experience (Ball et
 * al. 2023, algorithm 1).
 * Ends after `train.steps` env steps or when a stop is requested. Throws a UserError if losses or observations are not
 * finite, and an EnvironmentFailure if the environments can't be stepped.
 */
export async function trainOnline(run: Run, stop: StopSignal): Promise<void> {
  const { config, progress, interval } = run;
  const { sac, train } = config;
  let batches = allocate(run);
  const { clock } = interval;
  if (progress.envSteps === 0) beginInterval(run);
  const bar = run.display.startBar('online', train.steps, 'env steps', progress.envSteps);
  try {
    while (progress.envSteps < train.steps && !stop.aborted) {
      const before = progress.envSteps;
      await clock.time('rollout', () => collect(run));
      if (progress.envSteps >= progress.firstUpdateAt) {
        if (batches.count !== gradUpdatesAt(sac, progress.envSteps)) batches = allocate(run);
        await clock.time('update', () => improve(run, batches));
      }
      interval.trainingSteps++;
      bar.update(progress.envSteps, interval.live(progress.gradientSteps));
      const isDue = (every: number) => passedMultiple(before, progress.envSteps, every);
      if (isDue(sac.log_freq)) await clock.time('log', () => logInterval(run));
      if (isDue(sac.eval_freq)) await clock.time('eval', () => evaluateRun(run));
      if (isDue(sac.save_freq)) await clock.time('save', () => saveNumbered(run));
      await setImmediate(); // lets Ctrl-C through, whatever the backend
    }
  } finally {
    bar.stop();
  }
}

/** Room for the batches of the updates that are due now. */
function allocate({ config, progress, agent }: Run): TransitionBatches {
  const { sac } = config;
  return allocateBatches(
    gradUpdatesAt(sac, progress.envSteps),
    sac.batch_size,
    demoRowsOf(sac.batch_size, SYMMETRIC),
    agent.observationDim,
    agent.actionDim,
  );
}

async function collect(run: Run): Promise<void> {
  const { config, progress, agent, envs, replay, interval } = run;
  const actions = new Float32Array(envs.numEnvs * agent.actionDim);
  const envActions = run.actionScale ? new Float32Array(actions.length) : actions;
  const observations = new Float32Array(envs.observations.length);
  for (let step = 0; step < config.sac.steps_per_env; step++) {
    observations.set(envs.observations);
    await run.exploration.act(agent, observations, actions, progress.envSteps);
    if (run.actionScale) {
      envActions.set(actions);
      toEnvironmentActions(envActions, run.actionScale);
    }
    await envs.step(envActions).catch((error) => {
      throw new EnvironmentFailure(error);
    });
    checkStep(envs, progress.envSteps);
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
}

async function improve(run: Run, batches: TransitionBatches): Promise<void> {
  const { sac } = run.config;
  if (sac.bc_weight > 0) run.agent.set('bcWeight', imitationWeight(sac, run.progress.envSteps));
  run.sampler.fill(batches);
  const metrics = await run.agent.update(batches);
  run.progress.gradientSteps += batches.count;
  await checkLosses(run, metrics, batches);
  run.interval.updates.addAll(metrics);
}
