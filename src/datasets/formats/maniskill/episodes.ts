import type { RewardMode } from '../../../../envs/env.js';
import {
  type Dataset,
  type DatasetHead,
  type DatasetTask,
  inOrder,
  type LearningRules,
} from '../../dataset.js';
import type { Episode, EpisodeOutcome } from '../../episode.js';
import { type EpisodeRecord, factsOf } from './json.js';
import { maniskillRules } from './learning_rules.js';
import { ManiSkillDataset } from './reader.js';
import { floats, stateColumns } from './whole_trajectory.js';

/** A ManiSkill dataset by the contract that all formats keep: for learning from it, whose observations are one vector. */
export class ManiSkillEpisodes implements Dataset {
  readonly head: DatasetHead;

  private constructor(private readonly dataset: ManiSkillDataset) {
    const { path, record, notes } = dataset;
    this.head = {
      path,
      envId: record.envId,
      controlMode: record.episodes[0]?.controlMode ?? null,
      ids: record.episodes.map(({ episodeId }) => `traj_${episodeId}`),
      declared: new Map(),
      totals: { episodes: null, steps: null },
      facts: factsOf(record),
      metadata: record.metadata,
      notes,
      problems: [],
    };
  }

  /** Opens a dataset. The demands of `task` are checked then and as episodes are read. */
  static async open(path: string, task: Partial<DatasetTask> = {}): Promise<ManiSkillEpisodes> {
    return new ManiSkillEpisodes(await ManiSkillDataset.open(path, task));
  }

  async episode(index: number): Promise<Episode> {
    const record = this.record(index);
    const { observations, actions, intendedActions, rewards, ...outcome } = this.dataset.read(record);
    const { length } = outcome;
    return {
      ...outcome,
      ...this.names(index),
      observations: new Map([['', floats(observations, length + 1)]]),
      actions: new Map([['', floats(actions, length)]]),
      ...(intendedActions && { intendedActions: new Map([['', floats(intendedActions, length)]]) }),
      rewards: rewards && { dtype: 'float32', shape: [length], data: rewards },
      extras: async () => stateColumns(this.dataset.readEnvStates(record), length + 1),
      metadata: record.metadata,
    };
  }

  async outcome(index: number): Promise<EpisodeOutcome> {
    return { ...this.dataset.readOutcome(this.record(index)), ...this.names(index) };
  }

  episodes(): AsyncIterable<Episode> {
    return inOrder(this);
  }

  learningRules(rewardMode: RewardMode): LearningRules {
    return maniskillRules(this.head.path, this.dataset.record, rewardMode);
  }

  close(): void {
    this.dataset.close();
  }

  private record(index: number): EpisodeRecord {
    return this.dataset.record.episodes[index];
  }

  private names(index: number): Pick<EpisodeOutcome, 'id' | 'seed' | 'hasFinalObservation'> {
    const { seed } = this.record(index);
    return {
      id: this.head.ids[index],
      seed: Number.isSafeInteger(seed) ? BigInt(seed!) : null,
      hasFinalObservation: true,
    };
  }
}
