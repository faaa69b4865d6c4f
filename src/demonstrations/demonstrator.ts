import type { Environment, RewardMode } from '../../envs/env.js';
import type { Expert, ExpertOptions } from '../../envs/experts/expert.js';
import { makeExpert } from '../../envs/experts/make_expert.js';
import { RandomActor } from '../../envs/experts/random_actor.js';
import { makeEnvironment } from '../../envs/registry.js';
import type { RecordedTrajectory } from '../datasets/formats/maniskill/writer.js';
import { hashSeed, streamSeed } from '../rng.js';
import { importTaskModule } from '../rollout/task_module.js';
import type { Performer } from '../threads/perform_tasks.js';
import { type ActionSource, recordEpisode } from './record_episode.js';

/** The one who acts: the task's scripted expert, or one who acts at random. */
export type DemoPolicy = 'expert' | 'random';

/** The actor and the task of a demonstration. Plain data: each worker thread is given a copy. */
export interface DemonstrationPlan {
  envId: string;
  /** See `moduleForWorkers`; null in the thread that registers the task. */
  taskModule: string | null;
  controlMode: string;
  rewardMode: RewardMode;
  policy: DemoPolicy;
  /** The expert's; of one who acts at random, the seed alone counts. */
  expert: ExpertOptions;
  /** See `recordEpisode`. */
  holdSteps: number | null;
}

/** Lets a scripted expert act, or chance. The same attempt of the same plan gives the same episode, whatever ran before. */
export class Demonstrator implements Performer<RecordedTrajectory> {
  private readonly expert: Expert;
  private readonly baseSeed: number;
  private readonly holdSteps: number | null;
  private readonly isNoisy: boolean;

  private constructor(
    private readonly environment: Environment,
    { policy, expert, holdSteps }: DemonstrationPlan,
  ) {
    const { spec } = environment;
    const isRandom = policy === 'random';
    this.expert = isRandom ? new RandomActor(spec, expert.seed) : makeExpert(spec, expert);
    this.holdSteps = holdSteps;
    this.isNoisy = !isRandom && expert.actionNoise > 0;
    this.baseSeed = streamSeed(expert.seed, 'expert');
  }

  static async create(plan: DemonstrationPlan): Promise<Demonstrator> {
    await importTaskModule(plan.taskModule);
    const environment = await makeEnvironment(plan.envId, plan);
    return new Demonstrator(environment, plan);
  }

  /** The episode of attempt `attempt`, which is its id too. */
  perform(attempt: number): RecordedTrajectory {
    const { environment, expert, holdSteps } = this;
    const seed = hashSeed(this.baseSeed, attempt);
    expert.reset(seed);
    const act: ActionSource = (observation, action) => expert.act(observation, action);
    const intended = this.isNoisy ? expert.intended : null;
    return recordEpisode(environment, act, { episodeId: attempt, seed }, { holdSteps, intended });
  }

  close(): void {
    this.environment.close();
  }
}
