import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeEnvironment } from '../../../envs/registry.js';
import { verifyDataset } from '../../../src/datasets/registry.js';
import { makeDemos } from '../../../src/demonstrations/make_demos.js';
import { ActionConverter, type Begin } from '../../../src/replay/by_actions.js';
import { replayReport } from '../../../src/replay/report.js';
import { loadFromPath } from '../../../src/training/dataset/load_from_path.js';
import { folderOfTests } from '../../temporary_folder.js';
import { demoFixture } from '../datasets/formats/maniskill/fixtures.js';
import { changedCopy, readAll, replay } from './support.js';

const folder = folderOfTests();

describe('the recorded actions', () => {
  test.each([
    ['pick_cube', 3],
    ['pick_cube_ee', 1],
    ['pick_cube_raw', 1],
  ])('of %s still succeed, close to the recorded states', async (name, episodes) => {
    const { result, notes } = await replay(demoFixture(name));
    expect(result).toMatchObject({ replayed: episodes, succeeded: episodes, asRecorded: episodes });
    const { arm, objects } = result.error!;
    expect(arm.max).toBeLessThan(0.004);
    expect(objects.cube.max).toBeLessThan(0.0015);
    expect(objects.goal_site.max).toBe(0);
    expect(Object.keys(objects)).toEqual(['cube', 'goal_site']);
    expect(notes).toEqual([expect.stringContaining('first recorded state')]);
  });

  test('made here begin by their seed and give the same episodes bit for bit', async () => {
    const path = join(folder, 'demos.h5');
    await makeDemos({
      envId: 'PickCube-v1',
      controlMode: 'pd_joint_delta_pos',
      rewardMode: 'normalized_dense',
      numEpisodes: 3,
      seed: 5,
      actionNoise: 0.2,
      imperfectShare: 0.5,
      speed: 1,
      failedShare: null,
      holdSteps: null,
      outputPath: path,
      overwrite: false,
    });
    const output = join(folder, 'demos_again.h5');
    const { result, notes } = await replay(path, { allowFailure: true, output });
    expect(result.plan.start).toBe('seed');
    expect(notes).toEqual([]);
    // A replay knows what was done, and not what was intended.
    const done = (await readAll(path)).map(({ intendedActions, ...episode }) => {
      expect(intendedActions).toHaveLength(episode.actions.length);
      return episode;
    });
    expect(await readAll(output)).toEqual(done);
    expect(result.error!.objects.cube.max).toBe(0);

    const { result: fromState } = await replay(output, { allowFailure: true, useFirstEnvState: true });
    expect(fromState.plan.start).toBe('first_env_state');
    expect(fromState.asRecorded).toBe(3);
    // As the seeds have drawn which pad counts first in a grip, which is no part of a state.
    expect(fromState.error!.fingerVelocity.max).toBeLessThan(2e-3);
    expect(fromState.error!.armVelocity.max).toBeLessThan(2e-3);
  });

  test('a replay of foreign episodes does not take their seeds for its own', async () => {
    const output = join(folder, 'foreign.h5');
    await replay(demoFixture('pick_cube'), { output });
    const again = await replay(output);
    expect(again.result.plan.start).toBe('first_env_state');
    expect(again.result.error!.objects.cube.max).toBe(0);
  });

  test('that fail are left out, unless failures are allowed', async () => {
    const path = await changedCopy(folder, 'open_hand', ({ episodeId, actions }) => ({
      actions: episodeId === 2 ? actions.map((value, i) => (i % 8 === 7 ? 1 : value)) : actions,
    }));
    const output = join(folder, 'kept.h5');
    const { result } = await replay(path, { output });
    expect(result).toMatchObject({ replayed: 3, succeeded: 2, asRecorded: 2, kept: 2 });
    expect(result.skipped).toEqual([{ episodeId: 2, reason: 'no success at the end' }]);
    expect((await readAll(output)).map(({ episodeId }) => episodeId)).toEqual([1, 10]);

    const all = await replay(path, { allowFailure: true });
    expect(all.result).toMatchObject({ succeeded: 2, kept: 3, skipped: [] });
  });

  test('of a ball that rolls on through its goal are kept, as its task is judged', async () => {
    const path = join(folder, 'rolled.h5');
    const { summary } = await makeDemos({
      envId: 'RollBall-v1',
      controlMode: 'pd_joint_delta_pos',
      rewardMode: null,
      numEpisodes: 4,
      seed: 1,
      actionNoise: 0,
      imperfectShare: 0.5,
      speed: 1,
      failedShare: 0.25,
      holdSteps: null,
      outputPath: path,
      overwrite: false,
    });
    expect(summary).toMatchObject({ success_once: 0.75, success_at_end: 0 });
    for (const useEnvStates of [false, true]) {
      const { result } = await replay(path, { useEnvStates });
      expect(result).toMatchObject({ replayed: 4, succeeded: 3, asRecorded: 4, kept: 3 });
      expect(result.skipped).toMatchObject([{ reason: 'no success at any step' }]);
      expect(replayReport(result.plan, result)).toContain('succeeded at any step');
    }
  });

  test('can be limited in number and in length', async () => {
    const { result } = await replay(demoFixture('pick_cube'), { count: 2, discardTimeout: true });
    expect(result).toMatchObject({ replayed: 2, succeeded: 2, kept: 0 });
    expect(result.skipped.map(({ reason }) => reason)).toEqual(new Array(2).fill('reached the time limit'));
    const { notes } = await replay(demoFixture('pick_cube_raw'), { count: 4 });
    expect(notes).toContain('asked for 4 episodes, but there are only 1: replaying all');
  });
});

const MODES = ['pd_joint_pos', 'pd_joint_delta_pos', 'pd_ee_delta_pos', 'pd_ee_delta_pose'];
const FILES = { pick_cube_raw: MODES[0], pick_cube: MODES[1], pick_cube_ee: MODES[3] };
const PAIRS = Object.entries(FILES).flatMap(([name, from]) =>
  MODES.filter((mode) => mode !== from).map((to): [string, string] => [name, to]),
);

describe('conversion', () => {
  test.each(PAIRS)('%s to %s succeeds', async (name, targetControlMode) => {
    const { result } = await replay(demoFixture(name), { targetControlMode, count: 1 });
    expect(result.succeeded).toBe(1);
    expect(result.error!.objects.cube.maxAtEnd).toBeLessThan(0.0015);
  });

  test('from pd_ee_delta_pos and back succeeds', async () => {
    const output = join(folder, 'positions.h5');
    await replay(demoFixture('pick_cube'), { targetControlMode: 'pd_ee_delta_pos', output });
    const { result } = await replay(output, { targetControlMode: 'pd_joint_delta_pos' });
    expect(result.succeeded).toBe(3);
  });

  test('gives data that can be trained on, and says how', async () => {
    const output = join(folder, 'trainable.h5');
    await replay(demoFixture('pick_cube_raw'), { targetControlMode: 'pd_joint_delta_pos', output });
    expect(await verifyDataset(output)).toMatchObject({ fileProblems: [], episodeProblems: new Map() });
    const { summary } = await loadFromPath(output, {
      task: { envId: 'PickCube-v1', controlMode: 'pd_joint_delta_pos', observationDim: 42, actionDim: 8 },
      rewardMode: 'normalized_dense',
      numDemos: null,
      shuffle: false,
      skipFailed: true,
      judgedBy: 'success_at_end',
      topShare: 1,
      dataActionScale: null,
      seed: 0,
    });
    expect(Math.max(...summary.actionRange.max.map(Math.abs))).toBe(1);
    const json = JSON.parse(await readFile(output.replace(/h5$/, 'json'), 'utf8'));
    expect(json.env_info.env_kwargs).toEqual({
      obs_mode: 'state',
      control_mode: 'pd_joint_delta_pos',
      reward_mode: 'normalized_dense',
      sim_backend: 'rapier',
    });
    expect(json.source_desc).toMatch(
      /^pick_cube_raw\.h5 replayed by actions, pd_joint_pos to pd_joint_delta_pos; mot/,
    );
    expect(json.generator).toMatchObject({
      name: 'rlpd',
      resets_by_seed: false,
      replay: {
        source: { file: 'pick_cube_raw.h5', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
        method: 'actions',
        start: 'first_env_state',
        target_control_mode: 'pd_joint_delta_pos',
      },
    });
    expect(json.episodes[0]).toMatchObject({ episode_id: 2, episode_seed: 2, success: true });
  });

  test('spends more steps where the arm falls behind, with each attempt more, and only there', async () => {
    const make = (controlMode: string) =>
      makeEnvironment('PickCube-v1', { controlMode, rewardMode: 'sparse' });
    const [source, target] = [await make('pd_joint_pos'), await make('pd_joint_delta_pos')];
    const begin: Begin = (environment, observation) => environment.reset(0, observation);
    const start = new Float32Array(42);
    begin(source, start);
    const converter = new ActionConverter(source, target);
    /** Six steps with the first joint's target moved by `radians`. */
    const convert = (radians: number, attempt: number) => {
      const action = [start[0] + radians, ...start.slice(1, 7), 1];
      const data = Float32Array.from(new Array(6).fill(action).flat());
      return converter.replay(begin, { data, shape: [6, 8] }, attempt, false);
    };
    expect(convert(0.13, 0)).toMatchObject({ isBehind: false, counterparts: [0, 1, 2, 3, 4, 5, 6] });
    expect(convert(1.5, 0)).toMatchObject({ isBehind: true, counterparts: [0, 2, 6, 10, 14, 18, 22] });
    expect(convert(1.5, 1).counterparts[6]).toBeGreaterThan(22);
    const [original, converted] = [source, target].map((env) => env.getState().articulations.panda[13]);
    expect(original - start[0]).toBeGreaterThan(1.4);
    expect(Math.abs(converted - original)).toBeLessThan(0.05);
    source.close();
    target.close();
  });

  test('is tried again, with more patience, until it succeeds or nothing can change', async () => {
    // To and fro by a radian, faster than the other control mode can follow.
    const wild = await changedCopy(
      folder,
      'wild',
      ({ actions }) => ({ actions: actions.map((_, i) => (i % 16 < 8 ? 0.5 : -0.5)) }),
      { controlMode: 'pd_joint_pos' },
    );
    const lengthAfter = async (maxRetry: number, targetControlMode: string) => {
      const output = join(folder, `wild_${targetControlMode}_${maxRetry}.h5`);
      await replay(wild, { targetControlMode, count: 1, maxRetry, allowFailure: true, output });
      return (await readAll(output))[0].length;
    };
    expect(await lengthAfter(0, 'pd_joint_delta_pos')).toBe(4 * 74);
    expect(await lengthAfter(1, 'pd_joint_delta_pos')).toBe(8 * 74);
    expect(await lengthAfter(1, 'pd_joint_pos')).toBe(74);
  });
});
