import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Environment } from '../../../../envs/env.js';
import { makeEnvironment } from '../../../../envs/registry.js';
import { type Piece, playPieces, summarize } from '../../../../scripts/bench/fidelity/pieces.js';
import {
  type RecordedStep,
  type Recording,
  readRecording,
} from '../../../../scripts/bench/fidelity/recording.js';
import { RandomStream } from '../../../../src/rng.js';
import { folderOfTest } from '../../../temporary_folder.js';

const STEPS = 12;

let environment: Environment;

beforeAll(async () => {
  environment = await makeEnvironment('PushCube-v1', {
    controlMode: 'pd_joint_delta_pos',
    rewardMode: 'none',
  });
});
afterAll(() => environment.close());

/** An episode of our own, so that nothing but what a test changes can differ. */
function recordOwn(change: (steps: RecordedStep[]) => void): Recording {
  const observation = new Float32Array(environment.spec.observationDim);
  const random = new RandomStream(0);
  environment.reset(3, observation);
  const actions = Array.from({ length: STEPS }, () => {
    const action = new Float32Array(environment.spec.actionDim);
    random.fillUniform(action, -0.3, 0.3);
    return action;
  });
  const steps = actions.map((action) => {
    const { success } = environment.step(action, observation);
    return { state: environment.getState(), observation: observation.slice(), success, touched: false };
  });
  change(steps);
  const episode = { kind: 'random', seed: 3, actions, steps };
  return {
    envId: 'PushCube-v1',
    controlMode: 'pd_joint_delta_pos',
    movingActors: ['cube'],
    episodes: [episode],
  };
}

describe('pieces of a recording', () => {
  it('begin at every third state, and end where an equal simulator ends', () => {
    const pieces = playPieces(
      environment,
      recordOwn(() => {}),
    );
    expect(pieces.length).toBe(3);
    for (const { afterOne, afterAll, successDiffers } of pieces) {
      for (const { millimetres, degrees, qpos, fingers } of [afterOne, afterAll]) {
        expect(millimetres).toBeLessThan(1e-3);
        expect(degrees).toBeLessThan(1e-2);
        expect(qpos).toBeLessThan(1e-6);
        expect(fingers).toBeLessThan(1e-4);
      }
      expect(successDiffers).toBe(false);
    }
  });

  it('measure the end state against the recorded one: position, rotation, joints, success', () => {
    const recording = recordOwn((steps) => {
      const { state } = steps[5];
      state.actors.cube[2] += 0.002;
      const half = (10 / 2) * (Math.PI / 180);
      state.actors.cube.set([Math.cos(half), 0, 0, Math.sin(half)], 3);
      state.articulations.panda[13 + 4] -= 0.25;
      state.articulations.panda[13 + 9] += 1;
      const fingers = state.articulations.panda.subarray(-2).reverse();
      fingers[0] += 0.5;
      steps[5].success = !steps[5].success;
    });
    const [changed, next] = playPieces(environment, recording);
    expect(changed.afterAll.millimetres).toBeCloseTo(2, 3);
    expect(changed.afterAll.degrees).toBeCloseTo(10, 2);
    expect(changed.afterAll.qpos).toBeCloseTo(0.25, 5);
    expect(changed.afterAll.fingers).toBeCloseTo(0.5, 2);
    expect(changed.successDiffers).toBe(true);
    expect(changed.afterOne.millimetres).toBeLessThan(1e-3);
    expect(next.successDiffers).toBe(false);
  });

  it('count as touched if the robot touches something in one of the five steps', () => {
    const recording = recordOwn((steps) => {
      steps[0].touched = true;
      steps[8].touched = true;
    });
    expect(playPieces(environment, recording).map(({ touched }) => touched)).toEqual([false, true, true]);
  });

  it('are summed up by median, 90 % and largest, apart where the robot touches something', () => {
    const piece = (touched: boolean, millimetres: number): Piece => ({
      kind: 'demo',
      seed: 0,
      start: 0,
      touched,
      afterOne: { millimetres: millimetres / 10, degrees: 0, qpos: 0, fingers: 0 },
      afterAll: { millimetres, degrees: 2 * millimetres, qpos: 3 * millimetres, fingers: millimetres / 7 },
      successDiffers: touched,
    });
    const untouched = [piece(false, 7)];
    const touched = [4, 0, 1, 3, 2].map((millimetres) => piece(true, millimetres));
    const figures = summarize([...untouched, ...touched]);
    expect(figures.untouched).toEqual([7, 7, 7]);
    expect(figures.fingers).toEqual([1, 1, 1]);
    const approximately = (...values: number[]) => values.map((value) => expect.closeTo(value, 9));
    expect(figures.touched).toEqual(approximately(2, 3.6, 4));
    expect(figures.touchedOneStep).toEqual(approximately(0.2, 0.36, 0.4));
    expect(figures.rotation).toEqual(approximately(4, 7.2, 8));
    expect(figures.qpos).toEqual(approximately(6, 10.8, 12));
    expect([figures.pieces, figures.successDiffers]).toEqual([6, 5]);
  });
});

describe("ManiSkill's recordings", () => {
  it.each(['PickCube-v1', 'PushCube-v1', 'RollBall-v1'])(
    'of %s say where things are and what is touched',
    (envId) => {
      const recording = readRecording(envId, undefined);
      expect(recording).toMatchObject({ envId, controlMode: 'pd_joint_delta_pos' });
      expect(recording.movingActors).toEqual([envId === 'RollBall-v1' ? 'ball' : 'cube']);
      const steps = recording.episodes.flatMap((episode) => episode.steps);
      const touched = steps.filter((step) => step.touched).length;
      expect(touched).toBeGreaterThan(5);
      expect(touched).toBeLessThan(steps.length / 2);
      const { state, observation } = steps[20];
      const robot = Object.values(state.articulations)[0].slice(13);
      robot.forEach((value, i) => {
        expect(value).toBeCloseTo(observation[i], 6);
      });
    },
  );

  it('must be there', () => {
    expect(() => readRecording('PushCube-v1', '/nowhere')).toThrow(
      'there is no recording of PushCube-v1: /nowhere/parity_PushCube-v1.pd_joint_delta_pos.json.gz is not there',
    );
  });

  it('must be of the task, and say what the robot touched', () => {
    const folder = folderOfTest();
    const path = join(folder, 'parity_PushCube-v1.pd_joint_delta_pos.json.gz');
    const episodes = [{ steps: [{ obs: [], success: false, actors: {} }] }];
    const write = (env: string) => writeFileSync(path, gzipSync(JSON.stringify({ env, episodes })));
    write('PullCube-v1');
    expect(() => readRecording('PushCube-v1', folder)).toThrow(
      `${path} is a recording of PullCube-v1, not of PushCube-v1`,
    );
    write('PushCube-v1');
    expect(() => readRecording('PushCube-v1', folder)).toThrow(
      `${path} does not say what the robot touched: its steps have no "impulses"`,
    );
    writeFileSync(path, 'no gzip');
    expect(() => readRecording('PushCube-v1', folder)).toThrow(`${path} is not a recording: `);
  });
});
