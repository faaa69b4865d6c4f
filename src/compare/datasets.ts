import { basename, extname } from 'node:path';
import { environmentIds, knownEnvironment } from '../../envs/registry.js';
import { openDataset } from '../datasets/registry.js';
import { UserError } from '../errors.js';
import { fileSafe } from '../sweep/grid.js';

/** A dataset of a comparison, and the environment that what is learnt from it is evaluated in. */
export interface ComparedDataset {
  path: string;
  /** A name for tables and folders. */
  label: string;
  envId: string;
}

/**
 * The datasets at these paths, with the environments that are given for them, or that they name themselves. Throws a
 * UserError if one can't be opened, or there is nothing to evaluate in.
 */
export async function comparedDatasets(
  paths: readonly string[],
  environments: readonly string[] | null,
): Promise<ComparedDataset[]> {
  const labels = labelsOf(paths);
  const datasets: ComparedDataset[] = [];
  for (const [i, path] of paths.entries()) {
    const given = environments && (environments[i] ?? environments[0]);
    datasets.push({ path, label: labels[i], envId: given ?? (await environmentOf(path)) });
  }
  return datasets;
}

/** File names without their endings; whole paths where that is not enough to tell them apart. */
function labelsOf(paths: readonly string[]): string[] {
  const names = paths.map((path) => fileSafe(basename(path, extname(path))));
  const isUnique = (name: string) => names.filter((other) => other === name).length === 1;
  return paths.map((path, i) => (isUnique(names[i]) ? names[i] : fileSafe(path)));
}

async function environmentOf(path: string): Promise<string> {
  const dataset = await openDataset(path);
  dataset.close();
  const { envId } = dataset.head;
  if (envId === null) {
    throw new UserError(
      `${path} doesn't name the environment that it was recorded in, and algorithms are compared by evaluations in it: ` +
        'give env.env_id=<environment>, one for all datasets or one for each',
    );
  }
  if (knownEnvironment(envId)) return envId;
  throw new UserError(
    `${path} was recorded in ${envId}, which can't be evaluated in: the environments here are ${environmentIds().join(', ')}`,
  );
}
