import { isUsed } from './episode_arrays.js';
import type { InspectedEpisode } from './inspect_episode.js';

/** A dataset may do without these, but not in some of its episodes only. */
const ALL_OR_NONE = ['rewards', 'env_states'];

/** Compares the arrays of a dataset's episodes with those of the episodes before. */
export class EpisodeComparison {
  private readonly rows = new Map<string, string>();
  private readonly lacking = new Map<string, string[]>(ALL_OR_NONE.map((part) => [part, []]));
  private readonly having = new Set<string>();

  /** Adds to the problems of `episode` where the rows of its arrays have other shapes. */
  add({ group, shapes, problems }: InspectedEpisode): void {
    if (shapes === null) return;
    for (const [name, shape] of shapes) {
      if (!isUsed(name)) continue;
      const row = `[${shape.slice(1).join(', ')}]`;
      const before = this.rows.get(name) ?? row;
      this.rows.set(name, before);
      if (row === before || problems.some((problem) => problem.startsWith(`${group}/${name} `))) continue;
      problems.push(`${group}/${name} has rows of ${row}; in the episodes before ${before}`);
    }
    for (const [part, groups] of this.lacking) {
      if ([...shapes.keys()].some((name) => isPartOf(name, part))) this.having.add(part);
      else groups.push(group);
    }
  }

  /** Parts that some episodes lack and others have. */
  missing(): { group: string; problem: string }[] {
    return [...this.lacking].flatMap(([part, groups]) =>
      this.having.has(part)
        ? groups.map((group) => ({ group, problem: `${group} has no ${part}; other episodes have` }))
        : [],
    );
  }
}

/** Whether an array is `part` or lies within. */
export function isPartOf(name: string, part: string): boolean {
  return name === part || name.startsWith(`${part}/`);
}
