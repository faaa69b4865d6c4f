/** Transitions of up to n steps, by the rows of a replay buffer that each goes over. */
export interface Windows {
  count: number;
  /** γ of one step. */
  discount: number;
  /** [count]: the first and the last of these rows. */
  first: Int32Array;
  last: Int32Array;
  /** [count]: Σₖ γᵏ·rₖ over them, and γⁿ, or 0 where the task terminated. */
  rewards: Float64Array;
  discounts: Float64Array;
}

export type StoredColumn = 'observations' | 'actions' | 'nextObservations';

/** The columns that a learner makes of all transitions, and a buffer keeps for it: see `Refresh` in `src/learner/refresh.ts`. */
export type KeptColumn = 'lambdaReturns' | 'advantages';

export const KEPT_COLUMNS: readonly KeptColumn[] = ['lambdaReturns', 'advantages'];

/** The rows of a replay buffer, as columns are made from them. */
export interface StoredRows {
  /** Copies a row of a stored column into a row of `out`; zeros for row −1. */
  copy(column: StoredColumn, row: number, out: Float32Array, outRow: number): void;
  /** Copies the action that was intended in a row; the one that was done if no other is known. */
  copyIntendedAction(row: number, out: Float32Array, outRow: number): void;
  rewardOf(row: number): number;
  /** The row in which the episode goes on; −1 at its end, and if its next step is not recorded yet. */
  following(row: number): number;
  isTruncated(row: number): boolean;
  isTerminated(row: number): boolean;
  /** The number of a kept column in a row; NaN if it has none. */
  keptOf(column: KeptColumn, row: number): number;
}

/** A column that every batch has. */
interface ColumnRule {
  /** The numbers that a row of it holds. */
  row: 'observation' | 'action' | 'number';
  /** Writes it for transitions into `out`, from row `outRow` on. */
  write(out: Float32Array, outRow: number, windows: Windows, stored: StoredRows): void;
}

/** A column of those batches whose learner reads it. They have only transitions for which it is known. */
interface OptionalRule extends ColumnRule {
  /** The thing that a transition must have for it, in words. */
  needs: string;
  /** True if it is known for the transition from row `first` to row `last`. */
  isKnown(first: number, last: number, stored: StoredRows): boolean;
  /** The steps of an environment after which it is known for some transition; Infinity: it never is. */
  knownAfter(nSteps: number, episodeSteps: number): number;
}

/**
 * The columns of batches. Another one is an entry here and nothing else: what allocates, fills, augments, checks, shares and
 * reads batches follows from it.
 */
export const COLUMNS = {
  /** The observation before the first of the n steps. */
  observations: { row: 'observation', write: copyAt('observations', 'first') },
  /** The action of the first of the n steps. */
  actions: { row: 'action', write: copyAt('actions', 'first') },
  /** The sum of the next n rewards, discounted (n = 1: the reward). */
  rewards: { row: 'number', write: copyNumbers('rewards') },
  /** γⁿ, or 0 where the task terminated: what the value of `nextObservations` is multiplied by. */
  discounts: { row: 'number', write: copyNumbers('discounts') },
  /** The observation n steps later, the true final one at an episode's end. */
  nextObservations: { row: 'observation', write: copyAt('nextObservations', 'last') },
  /** The first action as it was intended, before noise was added to it, where the data tell; else `actions`. */
  intendedActions: {
    row: 'action',
    write: (out, outRow, { first, count }, stored) => {
      for (let i = 0; i < count; i++) stored.copyIntendedAction(first[i], out, outRow + i);
    },
    needs: 'an action',
    isKnown: () => true,
    knownAfter: () => 1,
  },
  /**
   * The action that was recorded in `nextObservations`. Zeros where the task terminated. A transition that ends where its
   * episode was cut off, or at the newest step, has none and is not drawn.
   */
  nextActions: {
    row: 'action',
    write: (out, outRow, { last, count }, stored) => {
      for (let i = 0; i < count; i++) stored.copy('actions', stored.following(last[i]), out, outRow + i);
    },
    needs: 'a recorded action after its last step',
    isKnown: (_, last, stored) => stored.isTerminated(last) || stored.following(last) >= 0,
    knownAfter: (nSteps, episodeSteps) => (nSteps < episodeSteps ? nSteps + 1 : Number.POSITIVE_INFINITY),
  },
  /**
   * The discounted sum of all rewards from the transition's first step to the end of its episode, or to where that was cut
   * off. Transitions of an episode that still goes on are not drawn.
   */
  returnsToGo: {
    row: 'number',
    write: (out, outRow, { first, count, discount }, stored) => {
      for (let i = 0; i < count; i++) out[outRow + i] = returnFrom(first[i], discount, stored);
    },
    needs: 'a recorded end of its episode',
    isKnown: (first, _, stored) => {
      const end = lastOfEpisode(first, stored);
      return stored.isTerminated(end) || stored.isTruncated(end);
    },
    knownAfter: (_, episodeSteps) => episodeSteps,
  },
  /** The λ-return of the transition's first step, by the values that the learner had when it made it. */
  lambdaReturns: kept('lambdaReturns'),
  /** The learner's measure of how much better the action was than others, from that time. */
  advantages: kept('advantages'),
} as const satisfies Record<string, ColumnRule | OptionalRule>;

type Table = typeof COLUMNS;

export type ColumnName = keyof Table;

export type OptionalColumn = {
  [Name in ColumnName]: Table[Name] extends OptionalRule ? Name : never;
}[ColumnName];

export const COLUMN_NAMES = Object.keys(COLUMNS) as ColumnName[];

/** The columns that are made of rewards: who reads none of them can learn from data without rewards. */
export const REWARD_COLUMNS: readonly ColumnName[] = ['rewards', 'returnsToGo', ...KEPT_COLUMNS];

/** True for a column that only some batches have. */
export function isOptional(name: string): name is OptionalColumn {
  return name in COLUMNS && 'isKnown' in COLUMNS[name as ColumnName];
}

/** True for a column that learners make. */
export function isKept(name: string): name is KeptColumn {
  return (KEPT_COLUMNS as readonly string[]).includes(name);
}

/** Numbers in a row of a column. */
export function columnWidth(
  name: ColumnName,
  { observationDim, actionDim }: { observationDim: number; actionDim: number },
): number {
  return { observation: observationDim, action: actionDim, number: 1 }[COLUMNS[name].row];
}

function copyAt(column: StoredColumn, end: 'first' | 'last'): ColumnRule['write'] {
  return (out, outRow, windows, stored) => {
    const { count, [end]: rows } = windows;
    for (let i = 0; i < count; i++) stored.copy(column, rows[i], out, outRow + i);
  };
}

function copyNumbers(name: 'rewards' | 'discounts'): ColumnRule['write'] {
  return (out, outRow, { count, [name]: numbers }) => {
    for (let i = 0; i < count; i++) out[outRow + i] = numbers[i];
  };
}

function kept(name: KeptColumn): OptionalRule {
  return {
    row: 'number',
    write: (out, outRow, { first, count }, stored) => {
      for (let i = 0; i < count; i++) out[outRow + i] = stored.keptOf(name, first[i]);
    },
    needs: 'a refresh by the learner since it was recorded',
    isKnown: (first, _, stored) => !Number.isNaN(stored.keptOf(name, first)),
    knownAfter: () => 1,
  };
}

function returnFrom(first: number, discount: number, stored: StoredRows): number {
  let sum = 0;
  let factor = 1;
  for (let row = first; row >= 0; row = stored.following(row)) {
    sum += factor * stored.rewardOf(row);
    factor *= discount;
  }
  return sum;
}

/** The last recorded row of the episode that goes on in `row`. */
function lastOfEpisode(row: number, stored: StoredRows): number {
  let last = row;
  for (let next = row; next >= 0; next = stored.following(next)) last = next;
  return last;
}
