import { describe, expect, it } from 'vitest';
import {
  type EpisodeSource,
  type GatherOptions,
  gatherEpisodes,
  MAX_FAILURES_IN_A_ROW,
} from '../../../src/collect/gather_episodes.js';
import type { RecordedTrajectory } from '../../../src/datasets/formats/maniskill/writer.js';
import { NEVER_STOP } from '../../../src/stop_signal.js';

/** An episode of two steps, with success at the last one; its seed says which it was. */
function episode(number: number, succeeds: boolean): RecordedTrajectory {
  const success = Uint8Array.of(0, succeeds ? 1 : 0);
  return {
    episodeId: number,
    seed: number,
    length: 2,
    observations: new Float32Array(3),
    actions: new Float32Array(2),
    rewards: Float32Array.from(success),
    terminated: success,
    truncated: Uint8Array.of(0, 1),
    success,
    envStates: null,
  };
}

/** Runs episodes of which those whose number `succeeds` accepts succeed. */
async function gather(
  succeeds: (number: number) => boolean,
  {
    numEnvs = 4,
    numEpisodes = 6,
    onlySuccesses = true,
    judgedBy = 'success_at_end',
    signal = NEVER_STOP,
  }: Partial<GatherOptions> = {},
  episodeOf = episode,
) {
  const runs: number[] = [];
  const source: EpisodeSource = {
    async record(first, count, stop) {
      if (stop.aborted) return null;
      const numbers = Array.from({ length: count }, (_, k) => first + k);
      runs.push(...numbers);
      return numbers.map((number) => episodeOf(number, succeeds(number)));
    },
  };
  const seeds: (number | null)[] = [];
  const ids: number[] = [];
  const progress: [number, number][] = [];
  const gathered = await gatherEpisodes(
    source,
    ({ seed, episodeId }) => {
      seeds.push(seed);
      ids.push(episodeId);
    },
    {
      numEnvs,
      numEpisodes,
      onlySuccesses,
      judgedBy,
      signal,
      onProgress: (kept, rate) => progress.push([kept, rate]),
    },
  );
  return { ...gathered, runs, seeds, ids, progress };
}

describe('gathering episodes', () => {
  it('keeps all of them, in order, and runs none in vain', async () => {
    const gathered = await gather((number) => number % 2 === 0, { onlySuccesses: false });
    expect(gathered).toMatchObject({ ending: 'complete', kept: 6, runs: [0, 1, 2, 3, 4, 5] });
    expect(gathered.seeds).toEqual([0, 1, 2, 3, 4, 5]);
    expect(gathered.attempts).toMatchObject({ episodes: 6, success_at_end: 0.5 });
    expect(gathered.progress).toEqual([
      [4, 0.5],
      [6, 0.5],
    ]);
  });

  it('goes on until there are enough successes, numbered without gaps', async () => {
    const gathered = await gather((number) => number % 3 === 1);
    expect(gathered).toMatchObject({ ending: 'complete', kept: 6 });
    expect(gathered.seeds).toEqual([1, 4, 7, 10, 13, 16]);
    expect(gathered.ids).toEqual([0, 1, 2, 3, 4, 5]);
    expect(gathered.attempts).toMatchObject({ episodes: 17, success_at_end: 6 / 17 });
  });

  it('counts success at any step where that is asked for', async () => {
    const through = (number: number, succeeds: boolean): RecordedTrajectory => ({
      ...episode(number, succeeds),
      success: Uint8Array.of(succeeds ? 1 : 0, 0),
    });
    const even = (number: number) => number % 2 === 0;
    const gathered = await gather(even, { judgedBy: 'success_once' }, through);
    expect(gathered.seeds).toEqual([0, 2, 4, 6, 8, 10]);
    expect(gathered.progress.at(-1)).toEqual([6, 6 / 11]);
    const atEnd = await gather(even, { judgedBy: 'success_at_end', numEpisodes: 1 }, through);
    expect(atEnd).toMatchObject({ ending: 'gave up', kept: 0 });
  });

  it.each([1, 3, 5, 100])('does the same with %i environments', async (numEnvs) => {
    const rare = (number: number) => number % 7 === 3 || number % 11 === 0;
    const wanted = await gather(rare);
    const found = await gather(rare, { numEnvs });
    expect(found.seeds).toEqual(wanted.seeds);
    expect(found.runs).toEqual(wanted.runs);
    expect(found.attempts).toEqual(wanted.attempts);
  });

  it('gives up after many failures in a row, wherever they fall', async () => {
    for (const numEnvs of [1, 7, 64]) {
      const gathered = await gather((number) => number < 2, { numEnvs, numEpisodes: 100 });
      expect(gathered).toMatchObject({ ending: 'gave up', kept: 2, ids: [0, 1] });
      expect(gathered.attempts.episodes).toBe(2 + MAX_FAILURES_IN_A_ROW);
    }
    const all = await gather(() => false, { numEpisodes: 300, onlySuccesses: false });
    expect(all).toMatchObject({ ending: 'complete', kept: 300 });
  });

  it('stops with the episodes that are finished', async () => {
    let looks = 0;
    const signal = {
      get aborted() {
        return ++looks > 2;
      },
    };
    const gathered = await gather(() => true, { numEpisodes: 100, signal });
    expect(gathered).toMatchObject({ ending: 'interrupted', kept: 8, runs: [0, 1, 2, 3, 4, 5, 6, 7] });
  });
});
