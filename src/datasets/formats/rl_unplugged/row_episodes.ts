import { UserError } from '../../../errors.js';
import type { Column, Columns, NumberColumn } from '../../column.js';
import { rowsOf } from '../../column_rows.js';
import { type Dataset, type DatasetHead, inOrder, type LearningRules } from '../../dataset.js';
import type { Episode, EpisodeOutcome } from '../../episode.js';
import { recordedRules } from '../../recorded_rules.js';
import type { Shards } from '../../storage/shards.js';
import { bytesOf, type Feature, floatsOf, integersOf } from '../../storage/tf_example.js';
import { named } from '../../wording.js';
import { decoded, type Example, readExample } from './examples.js';

const OBSERVATION = /^observation[/:]/;
/** Features with one number a row. */
const SCALARS = ['reward', 'discount', 'episodic_reward', 'step_type'];
/** The `step_type` of an episode's last row. */
const LAST = 2;

/**
 * Records of consecutive rows. Those of the control suite and of locomotion are windows of an episode; a row's action and reward
 * follow its observation. Those of the real-world challenge are whole episodes, and a row's action and reward led to its observation.
 */
export class RowEpisodes implements Dataset {
  readonly head: DatasetHead;

  constructor(
    head: DatasetHead,
    private readonly shards: Shards,
    private readonly kind: 'windows' | 'episodes',
    private readonly first: ReadonlyMap<string, Feature>,
  ) {
    const note =
      'its records are windows of episodes, in any order: each counts as an episode here, and returns are those of windows';
    this.head = {
      ...head,
      ids: shards.places.map((_, index) => `${kind === 'windows' ? 'window' : 'episode'} ${index}`),
      facts: [['records', kind === 'windows' ? 'windows of episodes' : 'whole episodes']],
      notes: [...head.notes, ...(kind === 'windows' ? [note] : [])],
    };
  }

  async episode(index: number): Promise<Episode> {
    const example = await this.example(index);
    const outcome = this.outcomeOf(index, example);
    const { length, hasFinalObservation } = outcome;
    const columns = rowsIn(example);
    const from = this.kind === 'episodes' ? 1 : 0;
    const observations = [...columns].filter(([name]) => OBSERVATION.test(name));
    const rows = length + (hasFinalObservation ? 1 : 0);
    const reward = columns.get('reward') as NumberColumn;
    const actions = columns.get('action');
    if (!actions) throw new UserError(`${example.place} has no action; it has ${named([...columns.keys()])}`);
    return {
      ...outcome,
      observations: new Map(
        observations.map(([name, column]) => [name.replace(OBSERVATION, ''), rowsOf(column, 0, rows)]),
      ),
      actions: new Map([['', rowsOf(actions, from, from + length)]]),
      rewards: rowsOf(reward, from, from + length),
      extras: async () => {
        const all = rowsIn(await this.example(index));
        return new Map([...all].filter(([name]) => !OBSERVATION.test(name)));
      },
    };
  }

  async outcome(index: number): Promise<EpisodeOutcome> {
    return this.outcomeOf(index, await this.example(index));
  }

  episodes(): AsyncIterable<Episode> {
    return inOrder(this);
  }

  /** Learning from what is recorded, but for pictures among the observations, which no network here sees. */
  learningRules(): LearningRules {
    const unseen = [...this.first].flatMap(([name, { kind }]) =>
      OBSERVATION.test(name) && kind === 'bytes' ? [name.replace(OBSERVATION, 'observations/')] : [],
    );
    return {
      ...recordedRules(this.head.path),
      unseen: new Set(unseen),
      notes:
        unseen.length === 0
          ? []
          : [`not learnt from, as no network here sees pictures yet: ${named(unseen)}`],
    };
  }

  close(): void {
    void this.shards.close();
  }

  private example(index: number): Promise<Example> {
    return readExample(this.shards, this.shards.places[index]);
  }

  private outcomeOf(index: number, example: Example): EpisodeOutcome {
    const rows = decoded(example, 'reward', floatsOf).length;
    const hasFinalObservation = rows > 1;
    const length = hasFinalObservation ? rows - 1 : rows;
    const isWhole = this.kind === 'episodes';
    if (rows === 0 || (isWhole && rows === 1)) throw new UserError(`${example.place} has no steps`);
    const discount = decoded(example, 'discount', floatsOf)[isWhole ? rows - 1 : length - 1];
    const type = isWhole ? LAST : decoded(example, 'step_type', floatsOf)[rows - 1];
    const [terminated, truncated] = [new Uint8Array(length), new Uint8Array(length)];
    terminated[length - 1] = Number(discount === 0);
    truncated[length - 1] = Number(discount !== 0 && type === LAST);
    return {
      id: this.head.ids[index],
      seed: null,
      length,
      hasFinalObservation,
      terminated,
      truncated,
      success: null,
    };
  }
}

/** All features of a record as columns with its number of rows. */
function rowsIn(example: Example): Columns {
  const rows = decoded(example, 'reward', floatsOf).length;
  return new Map(
    [...example.values.keys()].map((name) => [
      name,
      decoded(example, name, (feature) => columnOf(name, feature, rows)),
    ]),
  );
}

function columnOf(name: string, feature: Feature, rows: number): Column {
  if (feature.kind === 'bytes') return rawPictures(bytesOf(feature), rows);
  const data = feature.kind === 'integers' ? integersOf(feature, 'int64') : floatsOf(feature);
  const size = data.length / rows;
  if (!Number.isInteger(size)) throw new Error(`it holds ${data.length} numbers, for ${rows} rows`);
  const shape = SCALARS.includes(name) && size === 1 ? [rows] : [rows, size];
  return data instanceof Float32Array ? { dtype: 'float32', shape, data } : { dtype: 'int64', shape, data };
}

/** Square pictures of red, green and blue, whose bytes stand as they are. */
function rawPictures(values: readonly Uint8Array[], rows: number): NumberColumn<'uint8'> {
  const bytes = values[0]?.length ?? 0;
  const side = Math.sqrt(bytes / 3);
  if (values.length !== rows || values.some((value) => value.length !== bytes)) {
    throw new Error(
      `it holds ${values.length} pictures of ${bytes} bytes and others; expected ${rows} alike`,
    );
  }
  const data = new Uint8Array(bytes * rows);
  for (const [row, value] of values.entries()) data.set(value, row * bytes);
  return { dtype: 'uint8', shape: Number.isInteger(side) ? [rows, side, side, 3] : [rows, bytes], data };
}
