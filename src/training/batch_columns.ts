import { COLUMNS, isKept, type OptionalColumn } from '../buffers/columns.js';
import type { ReplayBuffer } from '../buffers/replay_buffer.js';
import type { Config } from '../config/schema.js';
import { UserError } from '../errors.js';

/** Data, with the path that they come from. */
interface DataSource {
  buffer: Pick<ReplayBuffer, 'isKnownSomewhere'>;
  summary: { path: string };
}

/**
 * Throws a UserError, naming the algorithm, the column and where it is missing, if no transition of the data has a column that
 * the algorithm reads, or none of the experience will have it when learning begins.
 */
export function checkColumns(
  { env, train }: Pick<Config, 'env' | 'train'>,
  algo: string,
  columns: readonly OptionalColumn[],
  data: DataSource | null,
  episodeSteps: number | null,
): void {
  const { n_step: nSteps, num_seed_steps: seedSteps, replay_buffer_capacity: capacity } = train;
  for (const column of columns) {
    const { needs, knownAfter } = COLUMNS[column];
    const reads = `${algo} reads the column ${column}, for which a transition needs ${needs}`;
    // The agent makes kept columns before it draws the first batch.
    if (data && !isKept(column) && !data.buffer.isKnownSomewhere([column], nSteps)) {
      throw new UserError(`${data.summary.path}: ${reads}; with train.n_step=${nSteps} none there has it`);
    }
    if (episodeSteps === null) continue;
    const wanted = env.num_envs * knownAfter(nSteps, episodeSteps);
    if (wanted === Number.POSITIVE_INFINITY) {
      throw new UserError(
        `train.n_step=${nSteps}: ${reads}, which none in episodes of ${episodeSteps} steps has: lower train.n_step`,
      );
    }
    if (seedSteps < wanted) {
      throw new UserError(
        `train.num_seed_steps=${seedSteps}: ${reads}, which no experience is sure to have before ${wanted} env steps: ` +
          `set train.num_seed_steps=${wanted} or more`,
      );
    }
    // With twice as many there is always a transition that has it, however the ring cuts episodes.
    if (capacity < 2 * wanted) {
      throw new UserError(
        `train.replay_buffer_capacity=${capacity}: ${reads}, which so few may all lack: set ` +
          `train.replay_buffer_capacity=${2 * wanted} or more`,
      );
    }
  }
}
