import { armBodies } from '../panda/model.js';
import type { BoxData, RigidBodyData } from '../panda/model_data.js';
import type { SceneBody } from '../scene.js';
import { box } from '../shapes.js';
import { PANDA } from './panda.js';
import type { Robot } from './robot.js';

/** The last joint's position, by which the camera looks forwards. */
const LAST_JOINT = -Math.PI / 4;
/** The camera in the hand's frame; its own axes x, y and z lie along the hand's z, −y and x. */
const CAMERA: RigidBodyData = {
  mass: 0.564,
  centreOfMass: [0.0465, -0.02, 0.036],
  inertia: [0.003879257, 0, 0, 0.00049894, 0, 0.003881243],
};
const HOUSING: BoxData = { pose: [0.0465, 0, 0.0235, 1, 0, 0, 0], halfSize: [0.0115, 0.0495, 0.010025] };

/** ManiSkill's `panda_wristcam`: a Panda with a camera on its hand, whose weight its joints feel. */
export const PANDA_WRISTCAM: Robot = {
  name: 'panda_wristcam',
  restQpos: PANDA.restQpos.with(6, LAST_JOINT),
  armBodies: armBodies([CAMERA]),
  handBoxes: [HOUSING],
  bodies: PANDA.bodies.map(withCamera),
};

function withCamera(body: SceneBody): SceneBody {
  if (body.name !== 'panda_hand') return body;
  const [x, y, z] = HOUSING.pose;
  const [halfX, halfY, halfZ] = HOUSING.halfSize;
  const camera = box({ color: 0x3a3d42, roughness: 0.5 }, [x, y, z], [halfX, halfY, halfZ]);
  return { ...body, shapes: [...body.shapes, camera] };
}
