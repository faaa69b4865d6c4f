import type { Environment } from '../../envs/env.js';
import { makeEnvironment } from '../../envs/registry.js';
import { hdf5Message } from '../data/hdf5.js';
import type { EpisodeRecord } from '../data/maniskill_json.js';
import { type Conduct, ManiSkillDataset } from '../data/maniskill_reader.js';
import type { RecordedTrajectory } from '../data/maniskill_writer.js';
import { UserError } from '../errors.js';
import type { ClipFrame } from '../video/clip.js';
import { ActionConverter, type Begin, replayActions } from './by_actions.js';
import { replayStates } from './by_states.js';
import type { ReplayPlan } from './plan.js';
import { RecordedStates } from './recorded_states.js';
import { compareStates, type EpisodeError } from './replay_error.js';
import type { Take } from './take.js';

/** What became of one episode. Plain data, for worker threads to hand over. */
export type EpisodeReplay =
  | {
      kind: 'replayed';
      episodeId: number;
      trajectory: RecordedTrajectory;
      /** Success in the last state, as the recording had it. Null where the recording doesn't say. */
      recordedSuccess: boolean;
      success: boolean;
      /** Whether the time limit was reached. */
      truncated: boolean;
      /** Null without recorded states. */
      error: EpisodeError | null;
      /** Empty unless the plan asks for frames. */
      frames: ClipFrame[];
    }
  /** The recording can't be read, or is no episode of this task. */
  | { kind: 'unreadable'; episodeId: number; reason: string };

/** What is read of an episode. */
interface Recording extends Conduct {
  states: RecordedStates | null;
}

/** Replays the episodes of one plan, one at a time. The same episode gives the same result, whatever ran before. */
export class EpisodeReplayer {
  private readonly converter: ActionConverter | null;

  private constructor(
    private readonly plan: ReplayPlan,
    private readonly dataset: ManiSkillDataset,
    private readonly source: Environment,
    private readonly target: Environment,
  ) {
    this.converter = source === target ? null : new ActionConverter(source, target);
  }

  static async create(plan: ReplayPlan): Promise<EpisodeReplayer> {
    const { envId, rewardMode, maxEpisodeSteps, sourceControlMode, targetControlMode } = plan;
    const make = (controlMode: string) =>
      makeEnvironment(envId, { controlMode, rewardMode, maxEpisodeSteps });
    const source = await make(sourceControlMode);
    const target = targetControlMode === sourceControlMode ? source : await make(targetControlMode);
    const dataset = await ManiSkillDataset.open(plan.path, {
      actionDim: source.spec.actionDim,
      mayLackEpisodes: plan.allowFailure,
    });
    return new EpisodeReplayer(plan, dataset, source, target);
  }

  replay(episode: EpisodeRecord): EpisodeReplay {
    const { episodeId, seed } = episode;
    try {
      const recording = this.read(episode);
      const { states, success, length } = recording;
      const take = this.bestTake(recording, this.beginOf(episode, recording));
      const trajectory = take.trajectory(episodeId, seed);
      const last = trajectory.length - 1;
      return {
        kind: 'replayed',
        episodeId,
        trajectory,
        recordedSuccess: success[length - 1] === 1,
        success: trajectory.success[last] === 1,
        truncated: trajectory.truncated[last] === 1,
        error: states && this.errorOf(states, take, trajectory),
        frames: take.frames,
      };
    } catch (error) {
      if (error instanceof UserError) return { kind: 'unreadable', episodeId, reason: error.message };
      throw error;
    }
  }

  close(): void {
    this.dataset.close();
    this.source.close();
    if (this.target !== this.source) this.target.close();
  }

  private read(episode: EpisodeRecord): Recording {
    const source = `${this.dataset.path}: traj_${episode.episodeId}`;
    try {
      const conduct = this.dataset.readConduct(episode);
      const states = this.dataset.readEnvStates(episode);
      return { ...conduct, states: states && new RecordedStates(states, conduct.length + 1, source) };
    } catch (error) {
      if (error instanceof UserError) throw error;
      throw new UserError(`${source} can't be read, damaged file? (${hdf5Message(error)})`, { cause: error });
    }
  }

  private beginOf({ episodeId, seed }: EpisodeRecord, { states }: Recording): Begin {
    const source = `${this.dataset.path}: traj_${episodeId}`;
    // Finds out that the states are of this task, also where only the replay error needs them.
    states?.apply(this.source, 0);
    switch (this.plan.start) {
      case 'seed':
        if (seed === null) throw new UserError(`${source} has no episode_seed in the json`);
        return (environment, observation) => environment.reset(seed, observation);
      case 'first_env_state':
        if (!states) throw new UserError(`${source} has no recorded states (env_states)`);
        return (environment, observation) => {
          environment.reset(seed ?? 0, observation);
          states.apply(environment, 0);
          environment.observe(observation);
        };
    }
  }

  /**
   * The first take that succeeds, or the last one. Nothing here is left to chance, so another take is only made where
   * it can differ: if actions are converted and the arm was left behind.
   */
  private bestTake(recording: Recording, begin: Begin): Take {
    const { actions, states } = recording;
    const { method, withFrames, maxRetry } = this.plan;
    if (method === 'env_states') return replayStates(this.target, begin, states!, actions, withFrames);
    if (!this.converter) return replayActions(this.target, begin, actions, withFrames);
    for (let attempt = 0; ; attempt++) {
      const take = this.converter.replay(begin, actions, attempt, withFrames);
      if (this.target.evaluate().success || !take.isBehind || attempt === maxRetry) return take;
    }
  }

  private errorOf(
    states: RecordedStates,
    take: Take,
    { envStates, length }: RecordedTrajectory,
  ): EpisodeError {
    return compareStates(states, envStates!, length + 1, take.counterparts, this.target.spec.robot);
  }
}
