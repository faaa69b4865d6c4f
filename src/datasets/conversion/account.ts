/** The fate of a part of a dataset in another format. */
export type Fate = 'kept' | 'lost' | 'added';

/** A finding about one episode, or about the dataset as a whole. */
export interface Finding {
  /** The part: `observations`, `seed`, `infos`. */
  part: string;
  fate: Fate;
  /** The name of one of several: a column, a key of the metadata. */
  name?: string;
  /** More about it, in few words: `float64 became float32`. */
  how?: string;
}

/** Findings of one part and fate, over all episodes. */
export interface AccountRow extends Pick<Finding, 'part' | 'fate' | 'how'> {
  names: string[];
  /** The number of episodes; null if it is about the dataset as a whole. */
  episodes: number | null;
}

/** Sums up what a conversion kept, lost and added. */
export class Account {
  private readonly found = new Map<string, AccountRow>();

  addEpisode(findings: readonly Finding[]): void {
    const seen = new Set<AccountRow>();
    for (const finding of findings) {
      const row = this.rowOf(finding, 0);
      if (!seen.has(row)) row.episodes = (row.episodes ?? 0) + 1;
      seen.add(row);
    }
  }

  addWhole(findings: readonly Finding[]): void {
    for (const finding of findings) this.rowOf(finding, null);
  }

  /** All rows: those that were kept first, then lost, then added. */
  rows(): AccountRow[] {
    const order: readonly Fate[] = ['kept', 'lost', 'added'];
    return [...this.found.values()].sort((a, b) => order.indexOf(a.fate) - order.indexOf(b.fate));
  }

  private rowOf({ part, fate, name, how }: Finding, episodes: number | null): AccountRow {
    const key = JSON.stringify([part, fate, how, episodes === null]);
    const row = this.found.get(key) ?? { part, fate, ...(how !== undefined && { how }), names: [], episodes };
    this.found.set(key, row);
    if (name !== undefined && !row.names.includes(name)) row.names.push(name);
    return row;
  }
}
