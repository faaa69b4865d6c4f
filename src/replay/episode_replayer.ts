import type { Environment } from '../../envs/env.js';
import { makeEnvironment } from '../../envs/registry.js';
import { MEASURE_WORDS, succeeds } from '../../envs/success.js';
import type { EpisodeCore } from '../datasets/formats/maniskill/episode_arrays.js';
import type { EpisodeRecord } from '../datasets/formats/maniskill/json.js';
import { ManiSkillDataset } from '../datasets/formats/maniskill/reader.js';
import type { RecordedTrajectory } from '../datasets/formats/maniskill/writer.js';
import { hdf5Message } from '../datasets/storage/hdf5_problems.js';
import { UserError } from '../errors.js';
import type { Performer } from '../threads/perform_tasks.js';
import { ActionConverter, type Begin, replayActions } from './by_actions.js';
import { replayStates } from './by_states.js';
import { filmEpisode } from './film.js';
import type { ReplayPlan } from './plan.js';
import { RecordedStates } from './recorded_states.js';
import type { ReplayAttempt } from './replay_attempt.js';
import { compareStates, type EpisodeError } from './replay_error.js';

/** Result of one episode. Plain data, for worker threads to hand over. */
export type EpisodeReplay = ReplayedEpisode | UnreadableEpisode;

export interface ReplayedEpisode {
  kind: 'replayed';
  episodeId: number;
  trajectory: RecordedTrajectory;
  /** Success, as the task is judged: of the recording and of the replay. */
  recordedSuccess: boolean;
  success: boolean;
  /** Reason to leave it out; null if it is kept. */
  skipped: string | null;
  /** Distance from the recording; null without recorded states. */
  error: EpisodeError | null;
  /** Reason why its video could not be written. */
  videoProblem: string | null;
}

/** The recording is damaged, or none of this task. */
export interface UnreadableEpisode {
  kind: 'unreadable';
  episodeId: number;
  reason: string;
}

/** Parts of an episode that are read. */
interface Recording extends EpisodeCore {
  states: RecordedStates | null;
}

/** Replays the episodes of one plan, one at a time. The same episode gives the same result, whatever ran before. */
export class EpisodeReplayer implements Performer<EpisodeReplay> {
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

  /** Replays the plan's episode `index` and, if the plan asks for it and the episode is kept, writes its video. */
  async perform(index: number): Promise<EpisodeReplay> {
    const episode = this.plan.episodes[index];
    const { episodeId } = episode;
    let recording: Recording;
    let replayed: ReplayAttempt;
    try {
      recording = this.read(episode);
      replayed = this.bestReplay(recording, this.beginOf(episode, recording));
    } catch (error) {
      if (error instanceof UserError) return { kind: 'unreadable', episodeId, reason: error.message };
      throw error;
    }
    const trajectory = replayed.trajectory(episodeId, episode.seed);
    const { video, envId, judgedBy } = this.plan;
    const success = succeeds(judgedBy, trajectory.success);
    const skipped = this.reasonToSkip(success, trajectory.truncated.at(-1) === 1);
    return {
      kind: 'replayed',
      episodeId,
      trajectory,
      recordedSuccess: succeeds(judgedBy, recording.success),
      success,
      skipped,
      error: recording.states && this.errorOf(recording.states, replayed, trajectory),
      videoProblem:
        video && skipped === null ? await filmEpisode(video, envId, episodeId, replayed.frames) : null,
    };
  }

  close(): void {
    this.dataset.close();
    this.source.close();
    if (this.target !== this.source) this.target.close();
  }

  private read(episode: EpisodeRecord): Recording {
    const source = `${this.dataset.path}: traj_${episode.episodeId}`;
    try {
      const core = this.dataset.readCore(episode);
      const states = this.dataset.readEnvStates(episode);
      const recorded = states && new RecordedStates(states, core.length + 1, source);
      recorded?.complete(this.plan.envId, this.dataset.startOf(episode));
      return { ...core, states: recorded };
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
        return (environment, observation) =>
          states.begin(environment, this.plan.resetsBySeed ? seed : null, observation);
    }
  }

  /**
   * The first attempt that succeeds, or the last one. Nothing here is left to chance, so another is only made where
   * it can differ: if actions are converted and the arm was left behind.
   */
  private bestReplay(recording: Recording, begin: Begin): ReplayAttempt {
    const { actions, states } = recording;
    const { method, maxRetry, judgedBy } = this.plan;
    const withFrames = this.plan.video !== null;
    if (method === 'env_states') return replayStates(this.target, begin, states!, actions, withFrames);
    if (!this.converter) return replayActions(this.target, begin, actions, withFrames);
    for (let attempt = 0; ; attempt++) {
      const replayed = this.converter.replay(begin, actions, attempt, withFrames);
      if (succeeds(judgedBy, replayed.successes) || !replayed.isBehind || attempt === maxRetry)
        return replayed;
    }
  }

  /** Reason to leave an episode out, or null. */
  private reasonToSkip(success: boolean, truncated: boolean): string | null {
    const { allowFailure, discardTimeout, judgedBy } = this.plan;
    if (allowFailure) return null;
    if (!success) return `no success ${MEASURE_WORDS[judgedBy]}`;
    return discardTimeout && truncated ? 'reached the time limit' : null;
  }

  private errorOf(
    states: RecordedStates,
    replayed: ReplayAttempt,
    { envStates, length }: RecordedTrajectory,
  ): EpisodeError {
    return compareStates(states, envStates!, length + 1, replayed.counterparts, this.target.spec.robot);
  }
}
