import type { SceneDescription } from '../../envs/scene.js';
import { SoftwareRenderer } from './renderer/software_renderer.js';
import { createThreeScene, placeBodies } from './renderer/three_scene.js';

/** Draws the pictures of one scene. */
export interface FrameRenderer {
  /** Draws the scene with its bodies at `poses` [bodies, 7]. RGBA, row by row from the top; rewritten by the next call. */
  render(poses: Float32Array): Uint8ClampedArray;
}

/** A renderer on the CPU: no graphics card, no DOM, and the same bytes for the same poses. */
export function createFrameRenderer(
  description: SceneDescription,
  { width, height }: { width: number; height: number },
): FrameRenderer {
  const { scene, camera, bodies } = createThreeScene(description, width / height);
  const renderer = new SoftwareRenderer(scene, camera, width, height);
  return {
    render(poses) {
      placeBodies(bodies, poses);
      return renderer.render();
    },
  };
}
