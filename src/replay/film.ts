import { join } from 'node:path';
import { UserError } from '../errors.js';
import type { ClipFrame } from '../video/clip.js';
import { writeVideo } from '../video/write_video.js';
import type { ReplayPlan } from './plan.js';

const TILE_SIZE = 512;

/** Writes `<folder>/<episode id>.mp4`. Returns null, or what the user has to put right. */
export async function filmEpisode(
  { folder, fps }: NonNullable<ReplayPlan['video']>,
  envId: string,
  episodeId: number,
  frames: ClipFrame[],
): Promise<string | null> {
  const clips = [{ title: `episode ${episodeId}`, frames }];
  try {
    await writeVideo(join(folder, `${episodeId}.mp4`), { envId, clips, fps, tileSize: TILE_SIZE });
    return null;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}
