import type { Environment, StepOutcome } from '../../envs/env.js';
import type { RecordedTrajectory } from '../datasets/formats/maniskill/writer.js';
import { EpisodeRecorder } from '../demonstrations/record_episode.js';
import { type ClipFrame, frameOf } from '../video/clip.js';

/** One attempt to replay an episode: what is recorded of it, and which of its states answers which recorded one. */
export class ReplayAttempt {
  readonly frames: ClipFrame[] = [];
  /** [T + 1]: the state, counted from 0, that answers each state of the original. */
  readonly counterparts = [0];
  /** [T], 0 or 1: success in the state that each step led to. */
  readonly successes: number[] = [];
  /** True if the arm was left behind its original at some step, so that more patience may help. */
  isBehind = false;
  private steps = 0;
  private readonly recorder: EpisodeRecorder;

  /** Begins with the environment's present state and the observation of it. */
  constructor(
    private readonly environment: Environment,
    observation: Float32Array,
    private readonly withFrames: boolean,
  ) {
    this.recorder = new EpisodeRecorder(environment, observation);
    this.addFrame(environment.evaluate());
  }

  /** Adds the step that the environment has just made. */
  add(action: Float32Array, observation: Float32Array, outcome: StepOutcome): void {
    this.steps++;
    this.recorder.add(action, observation, outcome);
    this.successes.push(outcome.success ? 1 : 0);
    this.addFrame(outcome);
  }

  /** Marks the present state as the one that answers the next state of the original. */
  markCounterpart(): void {
    this.counterparts.push(this.steps);
  }

  trajectory(episodeId: number, seed: number | null): RecordedTrajectory {
    return this.recorder.trajectory(episodeId, seed);
  }

  private addFrame(outcome: StepOutcome): void {
    if (this.withFrames) this.frames.push(frameOf(this.environment, this.steps, outcome));
  }
}
