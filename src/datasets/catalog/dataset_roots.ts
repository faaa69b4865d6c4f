import { join } from 'node:path';
import { readVariable } from '../../environment_variables.js';
import { expandHome } from '../../files/paths.js';

/** A folder in which a program keeps datasets. */
export interface DatasetRoot {
  /** The program, for people. */
  name: string;
  folder: string;
}

/** The folders in which programs keep the datasets that they record or download, as their environment variables say. */
export function datasetRoots(): DatasetRoot[] {
  const hub = readVariable('HF_HOME') ?? join(expandHome('~/.cache'), 'huggingface');
  const maniskill = readVariable('MS_ASSET_DIR') ?? expandHome('~/.maniskill');
  return [
    { name: 'rlpd', folder: expandHome('~/.rlpd') },
    { name: 'Minari', folder: readVariable('MINARI_DATASETS_PATH') ?? expandHome('~/.minari/datasets') },
    { name: 'ManiSkill', folder: join(maniskill, 'demos') },
    { name: 'TFDS', folder: readVariable('TFDS_DATA_DIR') ?? expandHome('~/tensorflow_datasets') },
    { name: 'LeRobot', folder: readVariable('HF_LEROBOT_HOME') ?? join(hub, 'lerobot') },
  ];
}
