import { setImmediate } from 'node:timers/promises';
import { UserError } from '../../errors.js';
import { columnName } from '../column.js';
import { type Conversion, type ConversionOptions, writeDataset } from '../conversion/convert.js';
import { type Dataset, type DeclaredColumn, inOrder } from '../dataset.js';
import type { WritableFormat } from '../format.js';
import { openDataset } from '../registry.js';
import { rowFault, type WholeEpisode, wholeEpisode } from '../whole_episode.js';
import { wrongTotal } from '../wording.js';

/** A repair that is done. */
export interface Repair extends Conversion {
  /** The episodes that could not be kept, by their names, each with what is wrong with it. */
  lost: ReadonlyMap<string, string>;
  /** Statements of the metadata that the data contradict: left out, or counted anew. */
  corrected: string[];
}

/**
 * Writes the whole episodes of a dataset that is damaged, or whose metadata contradict it, to a new one. What is at `path` stays as it
 * is. Throws a UserError if it can't be opened at all, or if no episode is whole.
 */
export async function repairDataset(
  path: string,
  format: WritableFormat,
  output: string,
  options: ConversionOptions = {},
): Promise<Repair> {
  const source = await openDataset(path);
  try {
    const { lost, whole, corrected, dataset } = await wholePart(source, options);
    if (whole === 0) {
      const [[id, why] = ['', 'it has none']] = lost;
      throw new UserError(`${path}: no episode is whole, so that nothing is written (${id} ${why})`);
    }
    return { ...(await writeDataset(dataset, format, output, options)), lost, corrected };
  } finally {
    source.close();
  }
}

/** The dataset without the episodes that can't be read, or whose arrays don't fit together. */
async function wholePart(source: Dataset, { signal }: ConversionOptions) {
  const { path, ids, declared, problems, totals } = source.head;
  const lost = new Map<string, string>();
  const places: number[] = [];
  const wrongColumns = new Set<string>();
  let steps = 0;
  for (const [place, id] of ids.entries()) {
    if (signal?.aborted) throw new UserError(`interrupted: nothing was written`);
    const episode = await readWhole(source, place);
    if (typeof episode === 'string') {
      lost.set(id, episode.replaceAll(`${path}: `, ''));
    } else {
      places.push(place);
      steps += episode.length;
      for (const name of contradicted(declared, episode)) wrongColumns.add(name);
    }
    await setImmediate();
  }
  const dataset: Dataset = {
    head: {
      ...source.head,
      ids: places.map((place) => ids[place]),
      declared: new Map([...declared].filter(([name]) => !wrongColumns.has(name))),
      totals: { episodes: null, steps: null },
      problems: [],
    },
    episode: (index, leftOut) => source.episode(places[index], leftOut),
    outcome: (index) => source.outcome(places[index]),
    episodes: () => inOrder(dataset),
    learningRules: (rewardMode) => source.learningRules(rewardMode),
    close: () => source.close(),
  };
  const corrected = [
    ...problems,
    ...wrongTotal('episodes', totals.episodes, ids.length),
    // Steps that can't be read are no news beside their episode.
    ...(lost.size === 0 ? wrongTotal('steps', totals.steps, steps) : []),
    ...[...wrongColumns].map((name) => `the shape of ${name} is that of the data, not of the metadata`),
  ];
  return { lost, whole: places.length, corrected, dataset };
}

/** The episode, or what is wrong with it. */
async function readWhole(source: Dataset, place: number): Promise<WholeEpisode | string> {
  try {
    const episode = await wholeEpisode(await source.episode(place));
    return episode.length === 0 ? 'has no steps' : (rowFault(episode) ?? episode);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.message;
  }
}

/** The columns that an episode has otherwise than the metadata declare them. */
function contradicted(
  declared: ReadonlyMap<string, DeclaredColumn>,
  { observations, actions }: WholeEpisode,
): string[] {
  const shapes = new Map(
    Object.entries({ observations, actions }).flatMap(([part, columns]) =>
      [...columns].map(([key, { shape }]): [string, string] => [
        columnName(part, key),
        shape.slice(1).join(),
      ]),
    ),
  );
  return [...declared].flatMap(([name, { shape }]) => (shapes.get(name) === shape.join() ? [] : [name]));
}
