import type { AlgorithmName } from '../../../src/config/algorithm_sections.js';
import type { XAxis } from '../../../src/plot/run_curve.js';
import type { Tier } from '../tiers/tiers.js';

/** One configuration of a row. Its name is that of its run folders, too: letters, digits and `-`. */
export interface Variant {
  name: string;
  config: string;
  /** `key=value`; in a value, `$REAL_DEMOS` stands for the folder that the user names. */
  overrides: readonly string[];
}

/** A dataset that is made before the runs: the arguments of `make_demos` besides `--output`. */
export interface DatasetRecipe {
  path: string;
  args: readonly string[];
}

interface Heading {
  /** Name of the row on the command line, and of its files. */
  id: string;
  title: string;
  /** Purpose and setting of the measurement, a paragraph of Markdown. */
  text: string;
  /** Minutes that one run takes on two cores, about. */
  minutes: number;
}

/** Trainings of some variants, each with the same seeds. */
export interface TrainingRow extends Heading {
  kind: 'training';
  variants: readonly Variant[];
  seeds: readonly number[];
  datasets: readonly DatasetRecipe[];
  /** The horizontal axis of its curves. */
  x: XAxis;
  /**
   * Its curves in one panel, or each in a panel of its own: alone or beside that of the first variant. Null: it has none, as
   * where nothing is learnt after the first evaluation.
   */
  picture: 'together' | 'apart' | 'beside the first' | null;
  /** Name of its first variant in the picture of all rows; null: it is not in it. */
  overview: string | null;
  /**
   * True if the time is of interest: then each run has the whole machine. Otherwise as many run at a time as there
   * are processors and as the memory allows, each on one.
   */
  isTimed: boolean;
  /** A training that takes longer is asked to save and end; null: each trains to its end. */
  limitMinutes: number | null;
}

/** Evaluations in ManiSkill itself of the best policies of another row. */
export interface TransferRow extends Heading {
  kind: 'transfer';
  source: TrainingRow;
  /** Names of the source's variants whose policies are evaluated. */
  variants: readonly string[];
  episodes: number;
  /** Seed of the first episode in ManiSkill; 0 if it isn't given. */
  firstSeed?: number;
}

/** A dataset of a comparison: a tier of a task that is made first, or a file in the folder that the user names. */
export interface ComparedData {
  /** Its file's name without the ending. */
  label: string;
  envId: string;
  tier: Tier | null;
  /** Path, in which `$OFFLINE_DATA` stands for that folder. */
  path: string;
}

/** Trainings of some algorithms on some datasets, with the same settings, as `rlpd compare` makes them. */
export interface ComparisonBlock {
  algorithms: readonly AlgorithmName[];
  datasets: readonly ComparedData[];
  seeds: readonly number[];
  /** `key=value`. */
  overrides: readonly string[];
}

/** Comparisons of algorithms by what they make of data. */
export interface ComparisonRow extends Heading {
  kind: 'comparison';
  /** Blocks in the order in which they are made. */
  blocks: readonly ComparisonBlock[];
  /** `tiers`: a table for each task, algorithms by tiers; `list`: a line for each algorithm on each dataset, beside peers. */
  layout: 'tiers' | 'list';
}

export type Row = TrainingRow | TransferRow | ComparisonRow;

/** Placeholder for the folder of datasets of other programs. */
export const OFFLINE_DATA = '$OFFLINE_DATA';

/** Placeholder for the folder of ManiSkill's own demonstrations, which each user keeps elsewhere. */
export const REAL_DEMOS = '$REAL_DEMOS';

/**
 * The motion-planned demonstrations of a task in that folder, as ManiSkill's own tools leave them there: downloaded, and
 * replayed with state observations in `pd_joint_delta_pos`.
 */
export function realDemosOf(envId: string): string {
  return `${REAL_DEMOS}/${envId}/motionplanning/trajectory.state.pd_joint_delta_pos.physx_cpu.h5`;
}

/** True if the row can't be made without `--real-demos`. */
export function needsRealDemos({ variants }: TrainingRow): boolean {
  return variants.some(({ overrides }) => overrides.some((override) => override.includes(REAL_DEMOS)));
}
