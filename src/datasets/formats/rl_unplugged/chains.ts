/** A transition: what identifies the state that it begins in, and the one that it leads to. */
export interface Link {
  from: string;
  to: string;
}

/** Puts shuffled transitions in order: each chain begins where no other transition leads to, or in a circle with its first. */
export function chainsOf<T extends Link>(links: readonly T[]): T[][] {
  const waiting = new Map<string, T[]>();
  for (const link of links) waiting.set(link.from, [...(waiting.get(link.from) ?? []), link]);
  const targets = new Set(links.map(({ to }) => to));
  const used = new Set<T>();
  const chains: T[][] = [];
  const follow = (first: T) => {
    const chain: T[] = [];
    for (
      let link: T | undefined = first;
      link;
      link = waiting.get(link.to)?.find((next) => !used.has(next))
    ) {
      used.add(link);
      chain.push(link);
    }
    chains.push(chain);
  };
  for (const link of links) if (!targets.has(link.from)) follow(link);
  for (const link of links) if (!used.has(link)) follow(link);
  return chains;
}
