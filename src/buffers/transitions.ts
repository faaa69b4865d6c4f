import {
  COLUMN_NAMES,
  COLUMNS,
  type ColumnName,
  columnWidth,
  isOptional,
  type OptionalColumn,
} from './columns.js';

/** The columns of batches, each [count × batchSize] or [count × batchSize, width of a row]. */
type BatchColumns = {
  -readonly [Name in ColumnName as Exclude<Name, OptionalColumn>]: Float32Array;
} & {
  -readonly [Name in ColumnName as Extract<Name, OptionalColumn>]?: Float32Array;
};

/**
 * `count` batches of `batchSize` transitions, one after another in flat row-major arrays. In each batch the first
 * `demoRows` rows come from demonstrations and the others from online experience. Columns are those of {@link COLUMNS}.
 */
export interface TransitionBatches extends BatchColumns {
  count: number;
  batchSize: number;
  demoRows: number;
}

/** Allocates zeroed batches of these sizes, with these columns besides those that all have: see `Agent.columns`. */
export function allocateBatches(
  count: number,
  batchSize: number,
  demoRows: number,
  observationDim: number,
  actionDim: number,
  optional: readonly OptionalColumn[] = [],
): TransitionBatches {
  const names = COLUMN_NAMES.filter((name) => !isOptional(name) || optional.includes(name));
  const columns = names.map((name) => {
    const width = columnWidth(name, { observationDim, actionDim });
    return [name, new Float32Array(count * batchSize * width)];
  });
  return { count, batchSize, demoRows, ...(Object.fromEntries(columns) as BatchColumns) };
}

/** The columns that batches have, by name. */
export function columnsOf(batches: TransitionBatches): [ColumnName, Float32Array][] {
  return COLUMN_NAMES.flatMap((name) => {
    const column = batches[name];
    return column ? [[name, column] as [ColumnName, Float32Array]] : [];
  });
}

/** The columns that these batches have and not all batches. */
export function optionalColumnsOf(batches: TransitionBatches): OptionalColumn[] {
  return columnsOf(batches).flatMap(([name]) => (isOptional(name) ? [name] : []));
}
