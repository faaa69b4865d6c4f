import type { RewardMode } from '../../../envs/env.js';
import { UserError } from '../../errors.js';
import { rowText, withNames } from '../column.js';
import { type Dataset, inOrder, type LearningRules } from '../dataset.js';
import type { Episode } from '../episode.js';
import { commonHead } from './common_head.js';

/** Full names of the columns that are learnt from, with their types. */
type Layout = ReadonlyMap<string, string>;

/**
 * Several datasets, one after another, as one; closing it closes them. Throws a UserError that names what doesn't fit together: an
 * environment, a control mode, declared bounds, a column that another has otherwise.
 */
export async function combinedDatasets(datasets: readonly Dataset[]): Promise<Dataset> {
  const [first, ...others] = datasets;
  if (first === undefined) throw new UserError('no datasets to combine');
  const origins = datasets.flatMap((dataset) =>
    [...dataset.head.ids.keys()].map((index) => ({ dataset, index })),
  );
  const ids = origins.map(({ dataset, index }) => `${dataset.head.ids[index]} of ${dataset.head.path}`);
  const owners = new Map(origins.map(({ dataset }, place) => [ids[place], dataset]));
  const head = commonHead([first.head, ...others.map((dataset) => dataset.head)], ids);
  for (const { head } of datasets) {
    if (head.ids.length === 0) throw new UserError(`${head.path} has no episodes`);
  }
  const layout = layoutOf(await first.episode(0));
  const checked = async (place: number, leftOut?: ReadonlySet<string>): Promise<Episode> => {
    const { dataset, index } = origins[place];
    const episode = await dataset.episode(index, leftOut);
    if (leftOut === undefined) checkLayout(episode, dataset, layout, first);
    return { ...episode, id: ids[place] };
  };
  for (const [place, { dataset, index }] of origins.entries()) {
    if (index === 0 && dataset !== first) await checked(place);
  }
  const combined: Dataset = {
    head,
    episode: checked,
    outcome: async (place) => {
      const { dataset, index } = origins[place];
      return { ...(await dataset.outcome(index)), id: ids[place] };
    },
    episodes: () => inOrder(combined),
    learningRules: (rewardMode) => commonRules(datasets, rewardMode, (id) => owners.get(id)!),
    close() {
      for (const dataset of datasets) dataset.close();
    },
  };
  return combined;
}

function layoutOf({ observations, actions }: Episode): Layout {
  const columns = [...withNames('observations', observations), ...withNames('actions', actions)];
  return new Map(columns.map(([name, column]) => [name, rowText(column)]));
}

function checkLayout(episode: Episode, dataset: Dataset, expected: Layout, first: Dataset): void {
  const found = layoutOf(episode);
  const place = `${dataset.head.path}: ${episode.id}`;
  for (const name of new Set([...expected.keys(), ...found.keys()])) {
    const [wanted, has] = [expected.get(name), found.get(name)];
    if (wanted === has) continue;
    const others = `the first episode of ${first.head.path} has`;
    if (has === undefined) throw new UserError(`${place} has no ${name}, which ${others}`);
    if (wanted === undefined) throw new UserError(`${place} has ${name}, and ${others} none`);
    throw new UserError(`${place} has ${name} of ${has}; ${others} ${wanted}`);
  }
}

/** The rules by which all are learnt from; the rewards of an episode are those of its own dataset. */
function commonRules(
  datasets: readonly Dataset[],
  rewardMode: RewardMode,
  datasetOf: (id: string) => Dataset,
): LearningRules {
  const rules = new Map(datasets.map((dataset) => [dataset, dataset.learningRules(rewardMode)]));
  const [first, ...others] = rules.values();
  for (const [i, other] of others.entries()) {
    const isSame =
      other.terminationEnds === first.terminationEnds && other.rewardsAsRecorded === first.rewardsAsRecorded;
    if (!isSame) {
      throw new UserError(
        `${datasets[0].head.path} and ${datasets[i + 1].head.path} are learnt from in different ways, as their formats say it: ` +
          'terminations or rewards mean something else there',
      );
    }
  }
  const unseen = [...rules.values()].flatMap((rule) => [...(rule.unseen ?? [])]);
  return {
    ...first,
    rewards: (episode) => rules.get(datasetOf(episode.id))!.rewards(episode),
    ...(unseen.length > 0 && { unseen: new Set(unseen) }),
    notes: [...new Set([...rules.values()].flatMap(({ notes }) => notes))],
  };
}
