import { stat } from 'node:fs/promises';
import { fileSha256 } from '../../../files/reading.js';
import { type ColumnRange, emptyRange, widenRange } from '../../column_range.js';
import { isPartOf } from './episode_comparison.js';
import type { InspectedEpisode } from './inspect_episode.js';
import { checkStop, type Verification, type VerifyOptions, verifyDataset } from './verify_dataset.js';

/** Contents of a dataset, for people, and what is wrong with it. Arrays that can't be read are left out of the counts. */
export interface DatasetInfo extends Verification {
  path: string;
  sizeBytes: number;
  sha256: string;
  /** The number of steps of each episode, in ascending order. */
  lengths: number[];
  /** Episodes with success at any step, and at the last one. */
  successOnce: number;
  successAtEnd: number;
  /** Null if there are no actions. */
  actionRange: ColumnRange | null;
  /** The shape of one row of each array of observations and of simulator states, in the first episode that has any. */
  observations: Map<string, number[]>;
  envStates: Map<string, number[]>;
  /** Episodes with rewards, and with simulator states. */
  withRewards: number;
  withEnvStates: number;
}

export interface InfoOptions extends Pick<VerifyOptions, 'onEpisode' | 'signal'> {
  /** Called while the file is hashed, with the number of bytes so far. */
  onBytes?: (bytes: number, total: number) => void;
}

/** Describes a dataset by what a verification reads of it. Throws a UserError if the `.h5` file can't be opened. */
export async function datasetInfo(
  path: string,
  { onEpisode, onBytes, signal }: InfoOptions = {},
): Promise<DatasetInfo> {
  const survey = new Survey();
  const look = (episode: InspectedEpisode) => survey.add(episode);
  const verification = await verifyDataset(path, { onEpisode, signal, look });
  const { size: sizeBytes } = await stat(path);
  const sha256 = await fileSha256(path, (bytes) => {
    checkStop(path, signal);
    onBytes?.(bytes, sizeBytes);
  });
  const { lengths, ...counts } = survey;
  return { ...verification, path, sizeBytes, sha256, ...counts, lengths: lengths.sort((a, b) => a - b) };
}

/** Sums up what episodes hold, one after another. */
class Survey {
  readonly lengths: number[] = [];
  successOnce = 0;
  successAtEnd = 0;
  actionRange: ColumnRange | null = null;
  observations = new Map<string, number[]>();
  envStates = new Map<string, number[]>();
  withRewards = 0;
  withEnvStates = 0;

  add({ length, outcomes, actions, shapes }: InspectedEpisode): void {
    if (length !== null) this.lengths.push(length);
    if (outcomes?.success.includes(1)) this.successOnce++;
    if (outcomes?.success.at(-1) === 1) this.successAtEnd++;
    if (actions) {
      this.actionRange ??= emptyRange(actions.shape[1]);
      if (this.actionRange.min.length === actions.shape[1]) widenRange(this.actionRange, actions.data);
    }
    const [observations, envStates] = [rowShapes(shapes, 'obs'), rowShapes(shapes, 'env_states')];
    if (this.observations.size === 0) this.observations = observations;
    if (this.envStates.size === 0) this.envStates = envStates;
    if (envStates.size > 0) this.withEnvStates++;
    if (shapes?.has('rewards')) this.withRewards++;
  }
}

/** Shapes, without the number of rows, of the arrays at or below `part`, by the paths below it. */
function rowShapes(shapes: ReadonlyMap<string, number[]> | null, part: string): Map<string, number[]> {
  const within = [...(shapes ?? [])].filter(([name]) => isPartOf(name, part));
  return new Map(within.map(([name, shape]) => [name.slice(part.length + 1), shape.slice(1)]));
}
