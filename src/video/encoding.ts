/** The size of every frame in pixels, and the frames per second. */
export interface FrameFormat {
  width: number;
  height: number;
  fps: number;
}

/** RGBA frames [height, width, 4], row by row from the top; each may be rewritten when the next is asked for. */
export type Frames = AsyncGenerator<Uint8ClampedArray>;

/** Makes a whole file of frames. */
export type FrameEncoder = (frames: Frames, format: FrameFormat) => Promise<Uint8Array>;
