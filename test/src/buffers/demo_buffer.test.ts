import { describe, expect, test } from 'vitest';
import { toEnvironmentActions } from '../../../src/buffers/action_scale.js';
import { chosenOutcome, type DemoOptions, loadDemonstrations } from '../../../src/buffers/demo_buffer.js';
import { demoOutcome } from '../../../src/buffers/demo_summary.js';
import { allocateBatches } from '../../../src/buffers/transitions.js';
import { arrayDataset } from '../../../src/datasets/array_dataset.js';
import { ManiSkillDataset } from '../../../src/datasets/formats/maniskill/reader.js';
import { openDataset } from '../../../src/datasets/registry.js';
import { loadTransitions } from '../../../src/library/load_transitions.js';
import { loadFromPath } from '../../../src/training/dataset/load_from_path.js';
import { folderOfTests } from '../../temporary_folder.js';
import { copyWithJson, demoFixture } from '../datasets/formats/maniskill/fixtures.js';
import { OF_PICK_CUBE, WITHOUT_TASK } from './demo_options.js';

const OPTIONS = { ...OF_PICK_CUBE, seed: 1 };

const folder = folderOfTests();

test('transitions are those of the recording, episode after episode', async () => {
  const { buffer, actionScale } = await load(OPTIONS);
  const [first, second] = await recordings('pick_cube');
  expect(buffer.size).toBe(74 + 50 + 79);
  expect(actionScale).toBeNull();

  const [state] = buffer.getState().chunks;
  expect(state.observations.slice(0, 74 * 42)).toEqual(first.observations.slice(0, 74 * 42));
  expect(state.nextObservations.slice(0, 74 * 42)).toEqual(first.observations.slice(42));
  expect(state.observations.slice(74 * 42, 75 * 42)).toEqual(second.observations.slice(0, 42));
  expect(state.actions.slice(0, 74 * 8)).toEqual(first.actions);
});

test('sparse rewards are the success flags; success and time limits end no window', async () => {
  const { buffer } = await load({ ...OPTIONS, path: demoFixture('pick_cube_failures') });
  const recorded = await recordings('pick_cube_failures');
  expect(Array.from(buffer.getState().chunks[0].rewards)).toEqual(
    recorded.flatMap(({ success }) => Array.from(success)),
  );

  const { buffer: long } = await load(OPTIONS);
  const out = allocateBatches(1, 1, 1, 42, 8);
  const discounts = (row: number, nSteps: number) => {
    long.copyInto(out, 0, Int32Array.of(row), nSteps, 0.5);
    return out.discounts[0];
  };
  // `truncated` is set from step 49 on, but episode 1 goes on to step 73, where it succeeds and ends.
  expect(discounts(49, 3)).toBe(0.125);
  expect(discounts(73, 1)).toBe(0.5);
  expect(discounts(72, 3)).toBe(0.25);
});

test('recorded dense rewards are used, of the recorded mode only', async () => {
  const { buffer } = await load({ ...OPTIONS, rewardMode: 'normalized_dense' });
  const recorded = await recordings('pick_cube');
  expect(Array.from(buffer.getState().chunks[0].rewards)).toEqual(
    recorded.flatMap(({ rewards }) => Array.from(rewards!)),
  );

  await expect(load({ ...OPTIONS, rewardMode: 'dense' })).rejects.toThrow(
    /rewards of reward_mode normalized_dense; expected dense\..*--record-rewards/,
  );
  const none = await load({ ...OPTIONS, rewardMode: 'none' });
  expect(none.buffer.getState().chunks[0].rewards.every((reward) => reward === 0)).toBe(true);
  const lacking = { ...OPTIONS, path: demoFixture('no_success'), rewardMode: 'normalized_dense' as const };
  await expect(load(lacking)).rejects.toThrow(/traj_2 has no rewards/);
});

describe('the choice of episodes', () => {
  test('takes the first, or draws them from the seed', async () => {
    const first = await load({ ...OPTIONS, numDemos: 2 });
    expect(first.summary.transitions).toBe(74 + 50);
    const lengths = new Set<number>();
    for (let seed = 0; seed < 20; seed++) {
      const { summary } = await load({ ...OPTIONS, numDemos: 1, shuffle: true, seed });
      lengths.add(summary.transitions);
      const again = await load({ ...OPTIONS, numDemos: 1, shuffle: true, seed });
      expect(again.summary.transitions).toBe(summary.transitions);
    }
    expect([...lengths].sort()).toEqual([50, 74, 79]);
  });

  test('uses all if there are fewer than asked for, and says so', async () => {
    const { summary } = await load({ ...OPTIONS, numDemos: 1000 });
    expect(summary).toMatchObject({ episodes: 3, available: 3, transitions: 203, successes: 3 });
    expect(summary.notes).toEqual(['asked for 1000 episodes, but there are only 3: using all']);
  });

  test('can leave out failures', async () => {
    const path = demoFixture('pick_cube_failures');
    const all = await load({ ...OPTIONS, path });
    expect(all.summary).toMatchObject({ episodes: 2, successes: 1 });
    const good = await load({ ...OPTIONS, path, skipFailed: true });
    expect(good.summary).toMatchObject({ episodes: 1, successes: 1, available: 2 });
    const silent = await copyWithJson(folder, 'silent', (json) =>
      json.replaceAll(/,\s*"success": true/g, ''),
    );
    expect((await load({ ...OPTIONS, path: silent, skipFailed: true })).summary.episodes).toBe(3);
  });
});

describe('the best episodes', () => {
  /** Episodes of so many steps, each paid the same; the first is an episode that was cut off. */
  function dataset(...episodes: [steps: number, reward: number][]) {
    return arrayDataset(
      episodes.map(([steps, reward], i) => ({
        observations: new Float32Array(steps + 1).fill(i),
        actions: new Float32Array(steps),
        rewards: new Float32Array(steps).fill(reward),
        ...(i > 0 && { terminated: Uint8Array.from({ length: steps }, (_, t) => Number(t === steps - 1)) }),
      })),
    );
  }

  const FIVE = dataset([4, 1], [3, 2], [9, 0.25], [2, -8], [2, 3]);

  /** The episodes' numbers in the order in which they are used, step by step. */
  async function used(data: ReturnType<typeof arrayDataset>, options: Partial<DemoOptions>) {
    const { buffer, summary } = await loadDemonstrations(data, { ...WITHOUT_TASK, ...options });
    return { steps: [...buffer.getState().chunks[0].observations.slice(0, buffer.size)], summary };
  }

  test('are used whole, in their order: of equal ones the earlier', async () => {
    expect((await used(FIVE, { topShare: 0.4 })).steps).toEqual([1, 1, 1, 4, 4]);
    expect((await used(FIVE, { topShare: 0.6 })).steps).toEqual([0, 0, 0, 0, 1, 1, 1, 4, 4]);
    expect((await used(FIVE, { topShare: 0.01 })).steps).toEqual([1, 1, 1]);
    expect((await used(FIVE, { topShare: 1 })).summary.episodes).toBe(5);
  });

  test('are told, and drawn from', async () => {
    const { summary } = await used(FIVE, { topShare: 0.6, numDemos: 4 });
    expect(summary).toMatchObject({ episodes: 3, available: 5 });
    expect(summary.notes).toEqual([
      'train.top_share=0.6 leaves 3 of 5 episodes, whose rewards add up to 4 or more',
      'asked for 4 episodes, but there are only 3: using all',
    ]);
    for (let seed = 0; seed < 10; seed++) {
      const { steps } = await used(FIVE, { topShare: 0.6, numDemos: 1, shuffle: true, seed });
      expect([0, 1, 4]).toContain(steps[0]);
    }
  });

  test('are refused where what was gained is no number', async () => {
    const rules = FIVE.learningRules('sparse');
    const rewards = () => Float32Array.of(1, Number.NaN);
    const broken = { ...FIVE, learningRules: () => ({ ...rules, rewards }) };
    await expect(used(broken, { topShare: 0.5 })).rejects.toThrow(
      "arrays: the rewards of episode 0 add up to NaN, so train.top_share can't rank it",
    );
  });

  test('are those that succeeded most, by the rewards of the task', async () => {
    const path = demoFixture('pick_cube_failures');
    const { summary } = await load({ ...OPTIONS, path, topShare: 0.5 });
    expect(summary).toMatchObject({ episodes: 1, successes: 1 });
  });
});

test('how the chosen episodes went is known without loading them', async () => {
  const options = { ...OPTIONS, path: demoFixture('pick_cube_failures'), numDemos: 2, shuffle: true };
  const { summary } = await load(options);
  const dataset = await openDataset(options.path);
  const outcome = await chosenOutcome(dataset, options);
  dataset.close();
  expect(outcome.episodes).toBe(2);
  expect(summary).toMatchObject(outcome);
});

test('the median of the first successes is over the episodes that have one, and between the middle two', () => {
  const episode = (...success: number[]) => ({ length: 4, success: Uint8Array.from(success) });
  const episodes = [episode(0, 0, 0, 1), episode(0, 0, 0, 0), episode(1, 0, 0, 0)];
  expect(demoOutcome(episodes, 'success_at_end').medianFirstSuccess).toBe(2.5);
  expect(demoOutcome([episode(0, 0, 0, 0)], 'success_at_end').medianFirstSuccess).toBeNull();
});

test('success counts by the measure that is asked for', () => {
  const [through, there, never] = [
    [0, 1, 0],
    [0, 0, 1],
    [0, 0, 0],
  ].map((success) => ({
    length: 3,
    success: Uint8Array.from(success),
  }));
  const episodes = [through, there, never];
  expect(demoOutcome(episodes, 'success_at_end')).toMatchObject({ successes: 1, judgedBy: 'success_at_end' });
  expect(demoOutcome(episodes, 'success_once')).toMatchObject({ successes: 2, judgedBy: 'success_once' });
});

test.each([
  ['success_at_end', 2],
  ['success_once', 5],
] as const)('failures are left out by %s', async (judgedBy, transitions) => {
  const episode = (success: number[]) => ({
    observations: [...success, 0].map((value) => [value]),
    actions: success.map(() => [0]),
    rewards: success,
    success,
  });
  const dataset = arrayDataset([episode([0, 1, 0]), episode([0, 1]), episode([0, 0, 0, 0])]);
  const { buffer, summary } = await loadTransitions(dataset, { skipFailed: true, judgedBy });
  expect(buffer.size).toBe(transitions);
  expect(summary.successes).toBe(summary.episodes);
  const hopeless = loadTransitions(arrayDataset([episode([0, 0])]), { skipFailed: true, judgedBy });
  const when = judgedBy === 'success_once' ? 'at any step' : 'at the end';
  await expect(hopeless).rejects.toThrow(`no episode succeeds ${when}`);
});

test('the summary describes observations and actions', async () => {
  const { summary } = await load(OPTIONS);
  const recorded = await recordings('pick_cube');
  const column = recorded.flatMap(({ observations }) =>
    Array.from(observations).filter((_, i) => i % 42 === 1),
  );
  const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
  const variance = column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / column.length;
  expect(summary.observationMean[1]).toBeCloseTo(mean, 6);
  expect(summary.observationStd[1]).toBeCloseTo(Math.sqrt(variance), 6);
  const grip = recorded.flatMap(({ actions }) => Array.from(actions).filter((_, i) => i % 8 === 7));
  expect(summary.actionRange.min[7]).toBe(Math.min(...grip));
  expect(summary.actionRange.max[7]).toBe(Math.max(...grip));
  expect(summary.medianFirstSuccess).toBe(71);
});

test('data_action_scale stretches what the demonstrations use, except full ranges', async () => {
  const plain = await load(OPTIONS);
  const scaled = await load({ ...OPTIONS, dataActionScale: 1.25 });
  const { min, max } = plain.summary.actionRange;
  const scale = scaled.actionScale!;
  const magnitude = Math.max(-min[0], max[0]);
  expect(magnitude).toBeLessThan(1);
  expect(scale[0]).toBeCloseTo(1 / (1.25 * magnitude), 5);
  expect(max[7]).toBe(1);
  expect(scale[7]).toBe(1);

  const actions = scaled.buffer.getState().chunks[0].actions;
  const first = actions.filter((_, i) => i % 8 === 0);
  expect(Math.max(...first.map(Math.abs))).toBeCloseTo(1 / 1.25, 6);
  toEnvironmentActions(actions, scale);
  const recorded = plain.buffer.getState().chunks[0].actions;
  expect(Math.max(...actions.map((value, i) => Math.abs(value - recorded[i])))).toBeLessThan(1e-7);
});

async function recordings(name: string) {
  const dataset = await ManiSkillDataset.open(demoFixture(name));
  try {
    return [...dataset.trajectories()];
  } finally {
    dataset.close();
  }
}

/** Loads the fixture `pick_cube`, or what is at another path. */
function load({ path = demoFixture('pick_cube'), ...options }: DemoOptions & { path?: string }) {
  return loadFromPath(path, options);
}
