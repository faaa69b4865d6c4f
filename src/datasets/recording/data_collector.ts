import type { Environment, EnvironmentSpec } from '../../../envs/env.js';
import { UserError } from '../../errors.js';
import type { VectorEnvironment } from '../../rollout/vector_env.js';
import { packageFacts } from '../../version.js';
import { type Conversion, type ConversionOptions, writeDataset } from '../conversion/convert.js';
import { checkNothingThere } from '../conversion/new_dataset.js';
import type { DeclaredColumn } from '../dataset.js';
import type { WritableFormat } from '../format.js';
import { SIM_BACKEND } from '../formats/maniskill/generator.js';
import { RecordedEpisodes } from '../formats/recording/episodes.js';
import type { MetadataValue } from '../metadata.js';
import { WRITABLE_FORMATS } from '../registry.js';
import type { WholeEpisode } from '../whole_episode.js';
import type { EpisodeLog } from './episode_log.js';
import { Journal } from './journal.js';
import { RecordedEnvironment, type RecordedEnvironmentOptions } from './recorded_environment.js';
import { RecordedVectorEnvironment, type RecordedVectorOptions } from './recorded_vector_environment.js';

export interface CollectorOptions {
  /** A format of `WRITABLE_FORMATS`; `minari` if left out. */
  format?: string;
  /** The environment that is recorded; left out: none is named. */
  spec?: EnvironmentSpec;
  /** Metadata of the dataset. */
  metadata?: Readonly<Record<string, MetadataValue>>;
}

/**
 * Records the episodes of environments that are wrapped in it. Each finished episode is complete on the disk at once, in the folder
 * `<output>.recording`, whatever happens to the program; `finish()` makes a dataset of them.
 */
export class DataCollector {
  private constructor(
    readonly output: string,
    private readonly format: WritableFormat,
    private readonly journal: Journal,
  ) {}

  /** Throws a UserError if `output` is no path of the format, if something is there, or if nothing can be written there. */
  static async create(
    output: string,
    { format: name = 'minari', spec, metadata = {} }: CollectorOptions = {},
  ): Promise<DataCollector> {
    const format = WRITABLE_FORMATS.get(name);
    if (!format)
      throw new UserError(`"${name}" is no format; expected ${[...WRITABLE_FORMATS.keys()].join(', ')}`);
    const { writing } = format;
    if (!writing.isOutput(output)) {
      throw new UserError(`${output}: a dataset of ${format.name} is ${writing.output}; give such a path`);
    }
    await checkNothingThere(format, output);
    const head = {
      becomes: name,
      envId: spec?.envId ?? null,
      declared: new Map(spec && declaredOf(spec)),
      metadata: new Map(Object.entries({ ...(spec && factsOf(spec)), ...metadata })),
    };
    return new DataCollector(output, format, Journal.create(`${output}.recording`, output, head));
  }

  /** The number of episodes so far. */
  get episodes(): number {
    return this.journal.episodes;
  }

  /** The environment, recorded. */
  wrap(environment: Environment, options: RecordedEnvironmentOptions = {}): Environment {
    return new RecordedEnvironment(environment, options, (log) => this.keep(log));
  }

  /** Many environments, recorded. */
  wrapAll(environments: VectorEnvironment, options: RecordedVectorOptions): VectorEnvironment {
    return new RecordedVectorEnvironment(environments, options, (log) => this.keep(log));
  }

  /** Adds an episode from elsewhere. */
  append(episode: WholeEpisode): void {
    this.journal.append(episode);
  }

  /**
   * Writes the dataset, reads it again, and removes the folder of the recording. Without episodes nothing is written: null. Throws a
   * UserError if the format can't hold the episodes, which stay where they are then.
   */
  async finish(options: ConversionOptions = {}): Promise<Conversion | null> {
    const { journal, output, format } = this;
    if (journal.episodes === 0) {
      journal.remove();
      return null;
    }
    const source = await RecordedEpisodes.open(journal.folder);
    const conversion = await writeDataset(source, format, output, options).catch((error: unknown) => {
      if (!(error instanceof UserError)) throw error;
      throw new UserError(
        `${error.message}\nall ${journal.episodes} episodes are in ${journal.folder}; \`rlpd data convert\` writes them in any format`,
        { cause: error },
      );
    });
    journal.remove();
    return conversion;
  }

  private keep(log: EpisodeLog): void {
    this.journal.append(log.episode(`episode_${this.journal.episodes}`));
  }
}

function declaredOf({
  observationDim,
  actionDim,
  actionLow,
  actionHigh,
}: EnvironmentSpec): [string, DeclaredColumn][] {
  return [
    ['observations', { dtype: 'float32', shape: [observationDim], bounds: null }],
    ['actions', { dtype: 'float32', shape: [actionDim], bounds: { low: actionLow, high: actionHigh } }],
  ];
}

/** Facts that ManiSkill's files have of their environment, and the program that recorded. */
function factsOf({
  envId,
  controlMode,
  rewardMode,
  maxEpisodeSteps,
}: EnvironmentSpec): Record<string, MetadataValue> {
  const kwargs = {
    obs_mode: 'state',
    control_mode: controlMode,
    reward_mode: rewardMode,
    sim_backend: SIM_BACKEND,
  };
  return {
    env_info: { env_id: envId, env_kwargs: kwargs, max_episode_steps: maxEpisodeSteps },
    recorded_by: `rlpd ${packageFacts().version}`,
  };
}
