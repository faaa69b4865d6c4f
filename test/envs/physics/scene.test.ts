import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { Actor } from '../../../envs/bodies/actor.js';
import { box, dynamic } from '../../../envs/bodies/description.js';
import { DEFAULT_BASE_POSE } from '../../../envs/panda/model.js';
import { ClosestPoints } from '../../../envs/physics/collision/closest_points.js';
import { loadRapier } from '../../../envs/physics/rapier.js';
import { RobotShapes } from '../../../envs/physics/robot_shapes.js';
import { Scene } from '../../../envs/physics/scene.js';
import { Joints } from '../../../envs/physics/solver/joints.js';
import { PANDA } from '../../../envs/robots/panda.js';

const HALF = 0.02;

beforeAll(loadRapier);

describe('the contacts of a scene', () => {
  it('are looked for anew after they were forgotten, wherever things have gone meanwhile', () => {
    const [lower, upper] = ['lower', 'upper'].map(
      (name) => new Actor(name, dynamic(box([HALF, HALF, HALF], { color: 0, roughness: 1 }))),
    );
    lower.place(0.3, 0.4, HALF);
    upper.place(0.3, 0.4, 0.5);
    const joints = new Joints(PANDA.armBodies, DEFAULT_BASE_POSE);
    joints.reset(PANDA.restQpos);
    const closest = new ClosestPoints();
    onTestFinished(() => closest.free());
    const robot = new RobotShapes(joints, PANDA.handBoxes);
    const scene = new Scene(joints, robot, [lower, upper], true, 1, closest);
    scene.step(false);
    scene.forgetContacts();
    upper.place(0.3, 0.4, 3 * HALF);
    upper.stop();
    for (let step = 0; step < 10; step++) scene.step(false);
    expect(upper.position[2]).toBeCloseTo(3 * HALF, 3);
  });
});
