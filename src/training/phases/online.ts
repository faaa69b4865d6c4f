import { setImmediate } from 'node:timers/promises';
import { toEnvironmentActions } from '../../buffers/action_scale.js';
import { scaleRewards } from '../../buffers/reward_scaling.js';
import { demoRowsOf } from '../../buffers/symmetric_sampler.js';
import { allocateBatches, type TransitionBatches } from '../../buffers/transitions.js';
import type { Metrics } from '../../learner/agent.js';
import type { StopSignal } from '../../stop_signal.js';
import { EnvironmentFailure } from '../failures.js';
import { beginInterval } from '../logs/log_interval.js';
import type { OnlineParts, Run } from '../run.js';
import { stepsOf } from '../run_progress.js';
import { checkLosses, checkStep } from '../watchdog.js';
import { updateByPriorities } from './balance.js';
import { doWhatIsDue } from './due.js';
import { refreshColumns } from './refresh.js';
import { gradUpdatesAt } from './schedules.js';

/** The share of demonstrations in every batch, if there are any, unless `train.online_mixing` is uniform: symmetric sampling. */
const SYMMETRIC = 0.5;

/**
 * The phase online: collects `train.steps_per_env` steps in every environment, then makes `train.grad_updates_per_step`
 * updates, or as many as are due early on, on batches of which half are demonstrations and half online experience (Ball
 * et al. 2023, algorithm 1), or by `train.online_mixing` as many as there are of each. Ends after `train.steps` env steps or when a stop is requested. Throws a UserError if
 * losses or observations are not finite, and an EnvironmentFailure if the environments can't be stepped.
 */
export async function trainOnline(run: Run, stop: StopSignal): Promise<void> {
  const { config, progress, interval } = run;
  const { train } = config;
  const online = run.online!;
  let batches = allocate(run);
  const { clock } = interval;
  if (progress.envSteps === 0) beginInterval(run);
  const bar = run.display.startBar('online', train.steps, 'env steps', progress.envSteps);
  try {
    while (progress.envSteps < train.steps && !stop.aborted) {
      const before = stepsOf(progress);
      await clock.time('rollout', () => collect(run, online));
      if (progress.envSteps >= progress.firstUpdateAt) {
        if (batches.count !== gradUpdatesAt(train, progress.envSteps)) batches = allocate(run);
        await clock.time('update', () => improve(run, batches));
      }
      interval.trainingSteps++;
      bar.update(progress.envSteps, interval.live(progress.gradientSteps));
      await doWhatIsDue(run, before);
      await setImmediate(); // lets Ctrl-C through, whatever the backend
    }
  } finally {
    bar.stop();
  }
}

/** Room for the batches of the updates that are due now. */
function allocate({ config, progress, agent, sampler }: Run): TransitionBatches {
  const { train } = config;
  const share = sampler.demoSize > 0 ? SYMMETRIC : 0;
  return allocateBatches(
    gradUpdatesAt(train, progress.envSteps),
    train.batch_size,
    demoRowsOf(train.batch_size, share),
    agent.observationDim,
    agent.actionDim,
    agent.columns,
  );
}

/** True if demonstrations and experience are drawn alike. */
function isUniform({ config, sampler }: Run): boolean {
  return config.train.online_mixing === 'uniform' && sampler.demoSize > 0;
}

async function collect(run: Run, { envs, replay, exploration }: OnlineParts): Promise<void> {
  const { config, progress, agent, interval } = run;
  const actions = new Float32Array(envs.numEnvs * agent.actionDim);
  const envActions = run.actionScale ? new Float32Array(actions.length) : actions;
  const observations = new Float32Array(envs.observations.length);
  for (let step = 0; step < config.train.steps_per_env; step++) {
    observations.set(envs.observations);
    await exploration.act(agent, observations, actions, progress.envSteps);
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
      rewards: run.rewardScaling ? scaleRewards(envs.rewards, run.rewardScaling) : envs.rewards,
      nextObservations: envs.nextObservations,
      terminated: envs.terminated,
      truncated: envs.truncated,
    });
    run.balanced?.noteExperience(envs.numEnvs);
    interval.finished.push(...interval.episodes.add(envs));
    progress.envSteps += envs.numEnvs;
  }
}

/** Fills the batches from demonstrations and experience, drawn alike in each, and makes their updates. */
function updateAlike(run: Run, batches: TransitionBatches): Promise<Metrics> {
  if (isUniform(run)) batches.demoRows = run.sampler.uniformDemoRows(batches.batchSize);
  run.sampler.fill(batches);
  return run.agent.update(batches);
}

async function improve(run: Run, batches: TransitionBatches): Promise<void> {
  const { agent, progress } = run;
  agent.advance(progress.envSteps);
  await refreshColumns(run);
  const metrics = await (run.balanced
    ? updateByPriorities(run, run.balanced, batches)
    : updateAlike(run, batches));
  progress.gradientSteps += batches.count;
  await checkLosses(run, metrics, batches);
  run.interval.updates.addAll(metrics);
}
