import { mkdirSync, writeFileSync } from 'node:fs';
import { makeExpert } from '../envs/experts/make_expert.js';
import { makeEnvironment, sceneOf } from '../envs/registry.js';
import type { SceneDescription } from '../envs/scene.js';
import { createFrameRenderer } from '../src/video/frame_renderer.js';
import { encodePng } from '../src/video/png.js';

/** The folder of the pictures on docs/tasks.md, each called by the id of its task. */
const FOLDER = 'docs/tasks';
const SIZE = { width: 400, height: 300 };

/** The moment of each task's picture: the seed of the episode, and the steps that the expert has made. */
const MOMENTS: Readonly<Record<string, { seed: number; step: number }>> = {
  'PickCube-v1': { seed: 7, step: 12 },
  'PushCube-v1': { seed: 3, step: 34 },
  'PullCube-v1': { seed: 3, step: 20 },
  'LiftPegUpright-v1': { seed: 3, step: 24 },
  'PokeCube-v1': { seed: 3, step: 20 },
  'RollBall-v1': { seed: 3, step: 36 },
  'PullCubeTool-v1': { seed: 3, step: 45 },
  'PlaceSphere-v1': { seed: 3, step: 20 },
  'StackCube-v1': { seed: 3, step: 24 },
  'StackPyramid-v1': { seed: 6, step: 60 },
  'PegInsertionSide-v1': { seed: 9, step: 30 },
  'PlugCharger-v1': { seed: 5, step: 23 },
};

/** Draws every task with its expert at work, as the pages of `docs/` show them. */
export async function writeTaskPictures(): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  for (const [envId, { seed, step }] of Object.entries(MOMENTS)) {
    const { scene, poses } = await momentOf(envId, seed, step);
    const picture = createFrameRenderer(scene, SIZE).render(poses);
    const png = await encodePng(framesOf(picture), { ...SIZE, fps: 1 });
    writeFileSync(`${FOLDER}/${envId}.png`, png);
  }
}

async function momentOf(
  envId: string,
  seed: number,
  step: number,
): Promise<{ scene: SceneDescription; poses: Float32Array }> {
  const environment = await makeEnvironment(envId, {
    controlMode: 'pd_joint_delta_pos',
    rewardMode: 'sparse',
  });
  try {
    const { spec } = environment;
    const expert = makeExpert(spec, { seed: 0, actionNoise: 0, imperfectShare: 0, speed: 1 });
    const observation = new Float32Array(spec.observationDim);
    const action = new Float32Array(spec.actionDim);
    environment.reset(seed, observation);
    expert.reset(seed);
    for (let i = 0; i < step; i++) {
      expert.act(observation, action);
      environment.step(action, observation);
    }
    const state = environment.getState();
    const scene = sceneOf(envId, state);
    const poses = new Float32Array(7 * scene.bodies.length);
    scene.writePoses(state, poses);
    return { scene, poses };
  } finally {
    environment.close();
  }
}

async function* framesOf(picture: Uint8ClampedArray): AsyncGenerator<Uint8ClampedArray> {
  yield picture;
}
