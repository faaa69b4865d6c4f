import type { ColumnType } from '../../column.js';

/** The part of an episode that is compared: its name, its arrays, and its faults so far. */
export interface ComparedEpisode {
  id: string;
  /** Types of its columns, by their names in the episode; null if damage hides them. */
  columns: ReadonlyMap<string, ColumnType> | null;
  problems: string[];
}

/** Compares the arrays of a dataset's episodes with those of the episodes before. */
export class EpisodeComparison {
  private readonly rows = new Map<string, string>();
  private readonly lacking: ReadonlyMap<string, string[]>;
  private readonly having = new Set<string>();

  /** `allOrNone`: a dataset may do without these, but not in some of its episodes only. */
  constructor(allOrNone: readonly string[]) {
    this.lacking = new Map(allOrNone.map((part) => [part, []]));
  }

  /** Adds to the problems of `episode` where the rows of its arrays have other shapes. */
  add({ id, columns, problems }: ComparedEpisode): void {
    if (columns === null) return;
    for (const [name, { shape }] of columns) {
      const row = `[${shape.slice(1).join(', ')}]`;
      const before = this.rows.get(name) ?? row;
      this.rows.set(name, before);
      if (row === before || problems.some((problem) => problem.startsWith(`${id}/${name} `))) continue;
      problems.push(`${id}/${name} has rows of ${row}; in the episodes before ${before}`);
    }
    for (const [part, ids] of this.lacking) {
      if ([...columns.keys()].some((name) => isPartOf(name, part))) this.having.add(part);
      else ids.push(id);
    }
  }

  /** Parts that some episodes lack and others have. */
  missing(): { id: string; problem: string }[] {
    return [...this.lacking].flatMap(([part, ids]) =>
      this.having.has(part)
        ? ids.map((id) => ({ id, problem: `${id} has no ${part}; other episodes have` }))
        : [],
    );
  }
}

/** True if an array is `part` or lies within. */
export function isPartOf(name: string, part: string): boolean {
  return name === part || name.startsWith(`${part}/`);
}
