import { join } from 'node:path';
import { UserError } from '../../../errors.js';
import { isFile } from '../../../files/reading.js';
import {
  type Column,
  type Columns,
  columnName,
  isNumbers,
  type NumberColumn,
  rowSize,
} from '../../column.js';
import {
  type Dataset,
  type DatasetHead,
  type DatasetTask,
  type DeclaredColumn,
  inOrder,
  type LearningRules,
} from '../../dataset.js';
import type { Episode, EpisodeOutcome } from '../../episode.js';
import type { Metadata } from '../../metadata.js';
import { uncheckedTask } from '../../other_task.js';
import { recordedRules } from '../../recorded_rules.js';
import { RiegeliFile } from '../../storage/riegeli.js';
import { named } from '../../wording.js';
import { columnsOf } from './columns.js';
import type { StoredValue } from './data.js';
import { METADATA_FILE, shardFolders } from './folders.js';
import { declaredIn, metadataOf } from './metadata.js';
import { decodeRecord, episodeMetadata, type PlacedEpisode, readShard, stepType } from './shard.js';

/** The value of `step_type` in the first and in the last record of an episode. */
const [FIRST, LAST] = [0, 2];
/** The key of the metadata with the specifications of the environment, and those of its values that declare columns. */
const SPECS = 'environment_specs';
const SPECIFIED = [
  ['observation_spec', 'observations'],
  ['action_spec', 'actions'],
] as const;

/** A record: what an environment returned, the action before it, and what the recorder's own function added. */
interface Step {
  type: number | null;
  reward: StoredValue;
  discount: StoredValue;
  observation: StoredValue;
  action: StoredValue;
  custom: StoredValue;
}

/** The episodes that EnvLogger recorded, shard by shard: T + 1 records each, of which the first has no action and no reward. */
export class EnvLoggerEpisodes implements Dataset {
  private constructor(
    readonly head: DatasetHead,
    private readonly placed: readonly PlacedEpisode[],
  ) {}

  /** Opens a folder and reads where its episodes are. */
  static async open(root: string, task?: DatasetTask): Promise<EnvLoggerEpisodes> {
    const notes: string[] = [];
    const problems: string[] = [];
    const placed: PlacedEpisode[] = [];
    const { shards, empty } = shardFolders(root);
    for (const name of empty) {
      notes.push(`${join(root, name)} has no steps, as a recorder leaves it that never closed: left out`);
    }
    for (const name of shards) {
      const shard = await readShard(join(root, name));
      notes.push(...shard.notes);
      problems.push(...shard.problems);
      placed.push(...shard.episodes);
    }
    const lasting = placed.filter(({ from, to }) => to - from > 1);
    if (lasting.length < placed.length) {
      notes.push(`${placed.length - lasting.length} episodes have a first record only: left out`);
    }
    const { metadata, declared, ...found } = await readMetadata(root);
    const head: DatasetHead = {
      path: root,
      envId: null,
      ids: lasting.map((_, index) => `episode ${index}`),
      declared,
      totals: { episodes: null, steps: null },
      facts: [['shards', String(shards.length)]],
      metadata,
      notes: [...notes, ...found.notes, ...uncheckedTask(root, null, task)],
      problems,
    };
    return new EnvLoggerEpisodes(head, lasting);
  }

  async episode(index: number, leftOut: ReadonlySet<string> = new Set()): Promise<Episode> {
    const steps = this.steps(index);
    const acted = steps.slice(1);
    const observations = this.part(index, steps, 0, ({ observation }) => observation);
    const [rewards] = this.part(index, acted, 1, ({ reward }) => reward).values();
    return {
      ...this.outcomeOf(index, steps),
      observations: new Map(
        [...observations].filter(([path]) => !leftOut.has(columnName('observations', path))),
      ),
      actions: this.part(index, acted, 1, ({ action }) => action),
      rewards: rewards ? this.rewards(index, rewards) : null,
      extras: async () => this.extras(index),
      metadata: this.metadata(index),
    };
  }

  async outcome(index: number): Promise<EpisodeOutcome> {
    return this.outcomeOf(index, this.steps(index));
  }

  episodes(): AsyncIterable<Episode> {
    return inOrder(this);
  }

  /** Learning from what is recorded, but for declared pictures. */
  learningRules(): LearningRules {
    const rules = recordedRules(this.head.path);
    const pictures = [...this.head.declared].flatMap(([name, { dtype, shape }]) =>
      name.startsWith('observations') && dtype === 'uint8' && shape.length === 3 ? [name] : [],
    );
    if (pictures.length === 0) return rules;
    const note = `not learnt from, as no network here sees pictures yet: ${named(pictures)}`;
    return { ...rules, unseen: new Set(pictures), notes: [...rules.notes, note] };
  }

  close(): void {
    for (const { shard } of this.placed) {
      shard.steps.close();
      shard.metadata?.close();
    }
  }

  /** The records of an episode. Throws a UserError if these are not of one episode. */
  private steps(index: number): Step[] {
    const { shard, from, to } = this.placed[index];
    return Array.from({ length: to - from }, (_, i): Step => {
      const record = decodeRecord(shard.steps, from + i);
      const type = stepType(record);
      if ((type === FIRST) !== (i === 0)) {
        throw new UserError(
          `${this.place(index)}: record ${from + i} has step_type ${type}; ${i === 0 ? 'an episode begins with 0' : 'it is 0 only where an episode begins'}`,
        );
      }
      const [timestep, action = null, custom = null] = membersOf(record);
      const [, reward = null, discount = null, observation = null] = membersOf(timestep);
      return { type, reward, discount, observation, action, custom };
    });
  }

  private outcomeOf(index: number, steps: readonly Step[]): EpisodeOutcome {
    const length = steps.length - 1;
    const { type, discount } = steps[length];
    const [terminated, truncated] = [new Uint8Array(length), new Uint8Array(length)];
    // As dm_env has it: nothing counts after a task that ended, so that the discount is 0.
    const ended = discount?.kind === 'array' && Number(discount.array.data[0]) === 0;
    if (type === LAST) (ended ? terminated : truncated)[length - 1] = 1;
    return {
      id: this.head.ids[index],
      seed: null,
      length,
      hasFinalObservation: true,
      terminated,
      truncated,
      success: null,
    };
  }

  private part(
    index: number,
    steps: readonly Step[],
    first: number,
    select: (step: Step) => StoredValue,
  ): Columns {
    try {
      return columnsOf(steps.map(select), this.placed[index].from + first);
    } catch (error) {
      throw new UserError(`${this.place(index)}: ${(error as Error).message}`, { cause: error });
    }
  }

  private rewards(index: number, column: Column): NumberColumn {
    if (isNumbers(column) && rowSize(column) === 1) return { ...column, shape: [column.shape[0]] };
    throw new UserError(`${this.place(index)}: rewards of ${column.dtype} [${column.shape.join(', ')}]`);
  }

  /** Types and discounts of the steps, and what the recorder's own function added: of all records, or of all but the first. */
  private extras(index: number): Columns {
    const steps = this.steps(index);
    const acted = steps.slice(1);
    const types = BigInt64Array.from(steps, ({ type }) => BigInt(type ?? -1));
    const columns = new Map<string, Column>([
      ['step_type', { dtype: 'int64', shape: [steps.length], data: types }],
    ]);
    const hasFirst = steps[0].custom !== null;
    const custom = this.part(index, hasFirst ? steps : acted, hasFirst ? 0 : 1, (step) => step.custom);
    const discounts = this.part(index, acted, 1, ({ discount }) => discount);
    for (const [path, column] of discounts) columns.set(columnName('discount', path), column);
    for (const [path, column] of custom) columns.set(columnName('custom_data', path), column);
    return columns;
  }

  private metadata(index: number): Metadata {
    return new Map(Object.entries(fieldsOf(episodeMetadata(this.placed[index]))));
  }

  private place(index: number): string {
    return `${this.placed[index].shard.steps.path}: ${this.head.ids[index]}`;
  }
}

/** The dataset's own metadata. Without them it is read too. */
async function readMetadata(
  root: string,
): Promise<{ metadata: Metadata; declared: Map<string, DeclaredColumn>; notes: string[] }> {
  const path = join(root, METADATA_FILE);
  if (!isFile(path)) {
    const note = `${path} is missing: nothing is declared`;
    return { metadata: new Map(), declared: new Map(), notes: [note] };
  }
  const file = await RiegeliFile.open(path);
  const value = decodeRecord(file, 0);
  const { [SPECS]: _, ...metadata } = fieldsOf(value);
  const specs = value?.kind === 'dictionary' ? value.values.get(SPECS) : null;
  const declared = SPECIFIED.flatMap(([key, part]) =>
    specs?.kind === 'dictionary' ? declaredIn(specs.values.get(key) ?? null, part) : [],
  );
  return { metadata: new Map(Object.entries(metadata)), declared: new Map(declared), notes: [] };
}

function fieldsOf(value: StoredValue) {
  const entries = value?.kind === 'dictionary' ? [...value.values] : [];
  return Object.fromEntries(entries.map(([name, held]) => [name, metadataOf(held)]));
}

function membersOf(value: StoredValue | undefined): readonly StoredValue[] {
  return value?.kind === 'list' ? value.values : [];
}
