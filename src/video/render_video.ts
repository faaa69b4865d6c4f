import { setImmediate } from 'node:timers/promises';
import { sceneOf } from '../../envs/registry.js';
import type { SceneDescription } from '../../envs/scene.js';
import { drawCaption } from './caption.js';
import type { Clip, Video } from './clip.js';
import type { FrameFormat, Frames } from './encoding.js';
import { createFrameRenderer, type FrameRenderer } from './frame_renderer.js';
import { Mosaic } from './mosaic.js';

/** A scene and its renderer. */
interface View {
  scene: SceneDescription;
  renderer: FrameRenderer;
  poses: Float32Array;
}

/** The number of frames of a video: that of its longest clip. */
export function frameCount({ clips }: Video): number {
  return Math.max(...clips.map(({ frames }) => frames.length));
}

/**
 * Draws a video's frames one after another, with captions; lets the event loop have its turn after each. Throws if the
 * environment is unknown, or if a clip has no frames or states of another task.
 */
export function renderVideo(video: Video): { format: FrameFormat; frames: Frames } {
  const { clips, fps, tileSize } = video;
  if (clips.length === 0 || clips.some(({ frames }) => frames.length === 0)) {
    throw new Error('a video needs at least one clip, and each clip at least one frame');
  }
  const mosaic = new Mosaic(clips.length, tileSize);
  const { width, height } = mosaic;
  return { format: { width, height, fps }, frames: draw(video, mosaic) };
}

async function* draw(video: Video, mosaic: Mosaic): Frames {
  const { envId, clips, tileSize } = video;
  const views = createViews(envId, clips, tileSize);
  const count = frameCount(video);
  for (let i = 0; i < count; i++) {
    clips.forEach(({ title, frames }, tile) => {
      if (i === frames.length) mosaic.darken(tile);
      if (i >= frames.length) return;
      const { scene, renderer, poses } = views[tile];
      scene.writePoses(frames[i].state, poses);
      mosaic.show(tile, renderer.render(poses), (context) =>
        drawCaption(context, tileSize, title, frames[i]),
      );
    });
    yield mosaic.pixels();
    await setImmediate();
  }
}

/** The views that draw each clip: the same one where the bodies have the same shapes. */
function createViews(envId: string, clips: readonly Clip[], tileSize: number): View[] {
  const views = new Map<string, View>();
  return clips.map(({ frames: [{ state }] }) => {
    const shapes = Object.values(state.geometry ?? {}).join();
    const view = views.get(shapes) ?? createView(sceneOf(envId, state), tileSize);
    views.set(shapes, view);
    return view;
  });
}

function createView(scene: SceneDescription, tileSize: number): View {
  const renderer = createFrameRenderer(scene, { width: tileSize, height: tileSize });
  return { scene, renderer, poses: new Float32Array(7 * scene.bodies.length) };
}
