import { describe, expect, it } from 'vitest';
import { ANT } from '../../../../envs/gymnasium/ant.js';
import { FLOOR } from '../../../../envs/gymnasium/floor.js';
import { HALF_CHEETAH } from '../../../../envs/gymnasium/half_cheetah.js';
import { HOPPER } from '../../../../envs/gymnasium/hopper.js';
import { INVERTED_PENDULUM } from '../../../../envs/gymnasium/inverted_pendulum.js';
import { loadMujoco } from '../../../../envs/gymnasium/mujoco/load_mujoco.js';
import { xmlOf } from '../../../../envs/gymnasium/mujoco/xml.js';
import { WALKER2D } from '../../../../envs/gymnasium/walker2d.js';
import { RandomStream } from '../../../../envs/random.js';

const TILE_PERIOD = 1;

describe.each([HOPPER, HALF_CHEETAH, WALKER2D, ANT, INVERTED_PENDULUM])('the scene of $id', (task) => {
  const { model, scene, look } = task;

  it('puts every body where MuJoCo has it, as seen by the camera that goes along', async () => {
    const mujoco = await loadMujoco();
    const compiled = mujoco.MjModel.from_xml_string(xmlOf(model));
    const data = new mujoco.MjData(compiled) as InstanceType<typeof mujoco.MjData> & { xquat: Float64Array };
    const random = new RandomStream(2);
    const poses = new Float32Array(7 * scene.bodies.length);
    for (let trial = 0; trial < 5; trial++) {
      const { qpos } = data;
      for (let i = 0; i < qpos.length; i++) qpos[i] = random.uniform(-2, 2);
      mujoco.mj_forward(compiled, data);
      scene.writePoses(
        {
          actors: {},
          articulations: { [model.name]: Float64Array.of(...qpos, ...Array(compiled.nv).fill(0)) },
        },
        poses,
      );
      const { xpos, xquat } = data;
      const [x, y] = look.follows ? [xpos[3], xpos[4]] : [0, 0];
      for (let body = 1; 3 * body < xpos.length; body++) {
        const pose = poses.subarray(7 * (FLOOR.length + body - 1));
        expect(pose[0]).toBeCloseTo(xpos[3 * body] - x, 5);
        expect(pose[1]).toBeCloseTo(xpos[3 * body + 1] - y, 5);
        expect(pose[2]).toBeCloseTo(xpos[3 * body + 2], 5);
        const dot = [0, 1, 2, 3].reduce((sum, i) => sum + pose[3 + i] * xquat[4 * body + i], 0);
        expect(Math.abs(dot)).toBeCloseTo(1, 5);
      }
    }
    data.delete();
    compiled.delete();
  });

  it('draws each geom where MuJoCo has it', async () => {
    const mujoco = await loadMujoco();
    const compiled = mujoco.MjModel.from_xml_string(xmlOf(model)) as ReturnType<
      typeof mujoco.MjModel.from_xml_string
    > & { geom_pos: Float64Array; geom_quat: Float64Array; geom_size: Float64Array };
    const { geom_pos: pos, geom_quat: quat, geom_size: size } = compiled;
    // MuJoCo has the world's geoms first, and the ground among them, which is drawn as a floor.
    const drawn = scene.bodies.slice(FLOOR.length).filter(({ name }) => name !== 'world');
    const shapes = drawn.flatMap((body) => body.shapes);
    const first = pos.length / 3 - shapes.length;
    expect(first).toBe(model.world.length);
    for (const [i, { geometry, pose }] of shapes.entries()) {
      const geom = first + i;
      if (geometry.kind !== 'capsule' && geometry.kind !== 'sphere') throw new Error(geometry.kind);
      expect(geometry.radius).toBeCloseTo(size[3 * geom], 12);
      if (geometry.kind === 'capsule') expect(geometry.halfLength).toBeCloseTo(size[3 * geom + 1], 12);
      for (let axis = 0; axis < 3; axis++) expect(pose[axis]).toBeCloseTo(pos[3 * geom + axis], 12);
      if (geometry.kind === 'sphere') continue;
      const along = zAxis(pose.slice(3));
      const expected = zAxis([...quat.subarray(4 * geom, 4 * geom + 4)]);
      const cosine = along.reduce((sum, value, axis) => sum + value * expected[axis], 0);
      expect(Math.abs(cosine)).toBeCloseTo(1, 12);
    }
    compiled.delete();
  });
});

it('lets the tiles of the floor pass by as the robot goes ahead', () => {
  const tilesAt = (x: number) => {
    const poses = new Float32Array(7 * HOPPER.scene.bodies.length);
    const hopper = new Float64Array(12);
    hopper[0] = x;
    hopper[1] = 1.25;
    HOPPER.scene.writePoses({ actors: {}, articulations: { hopper } }, poses);
    return poses[7];
  };
  expect(tilesAt(0.3)).toBeCloseTo(-0.3, 6);
  expect(tilesAt(0.3 + 7 * TILE_PERIOD)).toBeCloseTo(-0.3, 6);
  expect(tilesAt(-0.3)).toBeCloseTo(-0.7, 6);
});

/** The direction of a frame's z axis. */
function zAxis([w, x, y, z]: readonly number[]): number[] {
  return [2 * (x * z + w * y), 2 * (y * z - w * x), w * w - x * x - y * y + z * z];
}
