import type { Column } from '../column.js';
import type { Metadata, MetadataValue } from '../metadata.js';
import type { WholeEpisode } from '../whole_episode.js';
import { InfoColumns, type StepInfos } from './step_infos.js';

/** A step of an environment. The arrays are copied. */
export interface LoggedStep {
  /** [actionDim] */
  action: Float32Array;
  /** [observationDim]: the observation that the step led to. */
  observation: Float32Array;
  reward: number;
  terminated: boolean;
  truncated: boolean;
  success: boolean;
}

/** Collects an episode of one environment, step by step. */
export class EpisodeLog {
  private readonly observations: Float32Array[];
  private readonly steps: LoggedStep[] = [];
  private readonly infos = new InfoColumns();
  private readonly metadata = new Map<string, MetadataValue>();

  /** Begins with the first observation [observationDim]; the seed is null where none gives this episode again. */
  constructor(
    observation: Float32Array,
    private readonly seed: bigint | null,
  ) {
    this.observations = [observation.slice()];
  }

  get length(): number {
    return this.steps.length;
  }

  add(step: LoggedStep): void {
    this.observations.push(step.observation.slice());
    this.steps.push({ ...step, action: step.action.slice() });
  }

  /** Adds values to the last step. */
  addInfos(infos: StepInfos): void {
    this.infos.add(this.steps.length - 1, infos);
  }

  /** Adds metadata to the episode, in place of those of the same names. */
  describe(metadata: Metadata): void {
    for (const [name, value] of metadata) this.metadata.set(name, value);
  }

  /** The episode so far, of one step at least. */
  episode(id: string): WholeEpisode {
    const { steps, infos, metadata } = this;
    const { length } = steps;
    const flags = (name: 'terminated' | 'truncated' | 'success') =>
      Uint8Array.from(steps, (step) => (step[name] ? 1 : 0));
    if (infos.leftOut.length > 0) metadata.set('left_out', infos.leftOut.join('; '));
    return {
      id,
      seed: this.seed,
      length,
      hasFinalObservation: true,
      observations: new Map([['', stacked(this.observations)]]),
      actions: new Map([['', stacked(steps.map(({ action }) => action))]]),
      rewards: { dtype: 'float64', shape: [length], data: Float64Array.from(steps, ({ reward }) => reward) },
      terminated: flags('terminated'),
      truncated: flags('truncated'),
      success: flags('success'),
      extras: infos.columns(length),
      metadata,
    };
  }
}

function stacked(rows: readonly Float32Array[]): Column {
  const [{ length: width }] = rows;
  const data = new Float32Array(rows.length * width);
  for (const [i, row] of rows.entries()) data.set(row, i * width);
  return { dtype: 'float32', shape: [rows.length, width], data };
}
