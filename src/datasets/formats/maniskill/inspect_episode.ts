import { UserError } from '../../../errors.js';
import { RecordedStates } from '../../../replay/recorded_states.js';
import type { Hdf5File, NumericArray } from '../../storage/hdf5.js';
import { EpisodeArrays, FLAG_NAMES, type FlagName, type ObservationForm } from './episode_arrays.js';
import type { EpisodeRecord } from './json.js';
import type { UsableParts } from './oddities.js';
import type { TaskFit } from './task_fit.js';
import type { Trajectory } from './trajectory.js';

/** An episode, with everything that is wrong in it. */
export interface InspectedEpisode extends UsableParts {
  /** Sentences that name the episode's group. */
  problems: string[];
  observationForm: ObservationForm | null;
  outcomes: Pick<Trajectory, FlagName> | null;
}

/**
 * Reads all of an episode that training or a replay would read, by the same {@link EpisodeArrays}. They stop at the first
 * problem; here each is noted, and the rest is read.
 */
export function inspectEpisode(file: Hdf5File, record: EpisodeRecord, fit: TaskFit): InspectedEpisode {
  const arrays = new EpisodeArrays(file, record, fit.expectationOf(record));
  // Where there are no actions, for example, it is the same problem wherever their number is needed.
  const problems = new Set<string>();
  const attempt = <T>(read: () => T): T | null => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.add(error.message.replace(`${file.path}: `, ''));
      return null;
    }
  };
  const { group } = arrays;
  const columns = attempt(() => arrays.columns());
  const length = attempt(() => arrays.length);
  attempt(() => arrays.checkElapsedSteps());
  const actions = attempt(() => arrays.actions());
  attempt(() => arrays.intendedActions());
  const rewards = attempt(() => arrays.rewards());
  for (const flag of FLAG_NAMES) attempt(() => arrays.flags(flag));
  const outcomes = attempt(() => arrays.outcomes());
  const observationForm = attempt(() => arrays.observationForm);
  const observations = observationForm === 'whole' ? attempt(() => arrays.observations()) : null;
  const envStates = attempt(() => arrays.envStates());
  for (const name of columns?.keys() ?? []) {
    if (name.startsWith('obs/')) attempt(() => arrays.observationPart(name));
    // One of them was at fault: which others?
    if (name.startsWith('env_states/') && !envStates) attempt(() => arrays.statePart(name));
  }
  const { environment } = fit;
  if (envStates && length !== null && environment) {
    const start = { observe: () => observations && firstRow(observations), seed: record.seed };
    const states = new RecordedStates(envStates, length + 1, group);
    attempt(() => {
      states.complete(environment.spec.envId, start).apply(environment, 0);
      states.check(environment);
    });
  }
  return {
    group,
    spec: fit.specOf(record),
    length,
    actions,
    observations,
    rewards,
    envStates,
    problems: [...problems],
    observationForm,
    outcomes,
    columns,
  };
}

function firstRow({ data, shape }: NumericArray<Float32Array>): Float32Array {
  return data.subarray(0, shape[1]);
}
