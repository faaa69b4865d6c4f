import { describe, expect, it } from 'vitest';
import { environmentIds, sceneOf, tableTopTasks } from '../../../envs/registry.js';
import { distanceAt, largestDifference, readEpisodes, stateOf } from '../parity_fixture.js';

const episodes = readEpisodes();
const scene = sceneOf('PickCube-v1');
const poses = new Float32Array(7 * scene.bodies.length);

function poseOf(name: string): Float32Array {
  const body = scene.bodies.findIndex((candidate) => candidate.name === name);
  return poses.subarray(7 * body, 7 * body + 7);
}

/** Quaternions of opposite signs are one rotation. */
function rotationDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const dot = [3, 4, 5, 6].reduce((sum, i) => sum + a[i] * b[i], 0);
  return largestDifference(
    Array.from(a).slice(3),
    Array.from(b)
      .slice(3)
      .map((value) => Math.sign(dot) * value),
    4,
  );
}

describe('the poses of a scene', () => {
  it("puts every link of the robot where ManiSkill's is, to 1 µm and 2e-6 in the quaternion", () => {
    const links = scene.bodies.map(({ name }) => name).filter((name) => name.startsWith('panda_'));
    expect(links).toHaveLength(11);
    for (const episode of episodes) {
      scene.writePoses(stateOf(episode), poses);
      for (const name of links) {
        const recorded = episode.linkPoses[name];
        expect(distanceAt(poseOf(name), recorded, 0)).toBeLessThan(1e-6);
        expect(rotationDifference(poseOf(name), recorded)).toBeLessThan(2e-6);
      }
    }
  });

  it('gives unit quaternions, in all recorded states', () => {
    for (const episode of episodes) {
      for (const step of episode.steps.keys()) {
        scene.writePoses(stateOf(episode, step), poses);
        for (let at = 3; at < poses.length; at += 7) {
          expect(Math.hypot(...poses.subarray(at, at + 4))).toBeCloseTo(1, 5);
        }
      }
    }
  });

  it('opens each finger by its own joint, along the y axis of the hand', () => {
    const state = stateOf(episodes[0]);
    state.articulations.panda.set([0.01, 0.03], 13 + 7);
    scene.writePoses(state, poses);
    const gap = distanceAt(poseOf('panda_leftfinger'), poseOf('panda_rightfinger'), 0);
    expect(gap).toBeCloseTo(0.04, 6);
    const left = distanceAt(poseOf('panda_leftfinger'), poseOf('panda_hand'), 0);
    expect(left).toBeCloseTo(Math.hypot(0.01, 0.0584), 6);
  });

  it('takes the poses of the actors from the state', () => {
    const state = stateOf(episodes[0], 10);
    scene.writePoses(state, poses);
    expect(poseOf('cube')).toEqual(Float32Array.from(state.actors.cube.subarray(0, 7)));
    expect(poseOf('goal_site')).toEqual(Float32Array.from(state.actors.goal_site.subarray(0, 7)));
  });

  it('names an actor or a robot that the state lacks', () => {
    const { actors, articulations } = stateOf(episodes[0]);
    expect(() => scene.writePoses({ actors: {}, articulations }, poses)).toThrow(
      'PickCube-v1: the state has no "cube" among its actors',
    );
    expect(() => scene.writePoses({ actors, articulations: {} }, poses)).toThrow(
      'no "panda" among its artic',
    );
  });
});

describe.each(environmentIds())('the scene of %s', (envId) => {
  const { bodies } = sceneOf(envId);

  it('names every body once and gives it a shape', () => {
    const names = bodies.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { shapes } of bodies) expect(shapes.length).toBeGreaterThan(0);
  });

  it.skipIf(!tableTopTasks().some(({ id }) => id === envId))('has its table top at z = 0', () => {
    const tops = bodies
      .find(({ name }) => name === 'table')!
      .shapes.map(({ geometry, pose }) => (geometry.kind === 'box' ? pose[2] + geometry.halfSize[2] : NaN));
    expect(Math.max(...tops)).toBeCloseTo(0, 12);
  });
});
