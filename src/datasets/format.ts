import type { Dataset, DatasetTask } from './dataset.js';
import type { FormatWriter, WriteTarget, WrittenHead } from './format_writer.js';
import type { Verification, VerifyOptions } from './verification.js';

/** A way to store episodes, in one file or in many. Its readers are best imported when they are called: most runs need one. */
export interface DatasetFormat {
  name: string;
  /** Description of a dataset's files, for messages: `a .h5 file with its .json`. */
  given: string;
  /** True if a dataset of this format is at `path`, or something that was meant to be one: it need not be sound. */
  detect(path: string): Promise<boolean>;
  /** Opens a dataset for a training in `task`, or in none. Throws a UserError if that can't be. */
  open(path: string, task?: DatasetTask): Promise<Dataset>;
  /** The dataset's files by short names, such as `json`, the one with the data first; those that are missing too. */
  files(path: string): ReadonlyMap<string, string>;
  /** Left out: opens the dataset and reads its episodes, by `verifyEpisodes`. */
  verify?(path: string, options: VerifyOptions): Promise<Verification>;
  /** Left out: it is read only. */
  writing?: {
    /** Description of the path of a dataset to write, for messages: `a .hdf5 file`. */
    output: string;
    /** True if a dataset can have this path, by its name. */
    isOutput(path: string): boolean;
    /** Begins a new dataset. Throws a UserError if such a head can't be written. */
    create(target: WriteTarget, head: WrittenHead): Promise<FormatWriter>;
  };
}

export type WritableFormat = DatasetFormat & Required<Pick<DatasetFormat, 'writing'>>;
