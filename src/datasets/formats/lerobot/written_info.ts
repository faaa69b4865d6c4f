import type { Metadata, MetadataValue } from '../../metadata.js';
import { DATA_PATH, FILE_MEGABYTES, FILES_OF_CHUNK } from './data_files.js';
import { isAlone } from './features.js';
import type { WrittenFeature } from './written_features.js';

/** Megabytes of a file of videos, as lerobot has them. */
const VIDEO_MEGABYTES = 200;
const NAMES = 'feature_names';

/** Metadata that have a place of their own in `meta/info.json`. */
export const INFO_METADATA: readonly string[] = ['fps', 'robot_type', NAMES];

/** The contents of `meta/info.json`. */
export function infoOf(
  features: ReadonlyMap<string, WrittenFeature>,
  metadata: Metadata,
  fps: number,
  { episodes, frames, tasks }: { episodes: number; frames: number; tasks: number },
): Record<string, MetadataValue> {
  return {
    codebase_version: 'v3.0',
    fps,
    features: featuresInfo(features, metadata.get(NAMES) ?? null),
    total_episodes: episodes,
    total_frames: frames,
    total_tasks: tasks,
    chunks_size: FILES_OF_CHUNK,
    data_files_size_in_mb: FILE_MEGABYTES,
    video_files_size_in_mb: VIDEO_MEGABYTES,
    data_path: DATA_PATH,
    video_path: null,
    robot_type: metadata.get('robot_type') ?? null,
    splits: { train: `0:${episodes}` },
  };
}

/** The features in the words of Hugging Face's `datasets`, which stand in each file of frames. */
export function huggingFaceFeatures(features: ReadonlyMap<string, WrittenFeature>): string {
  const described = [...features].map(([name, { type, isPicture }]): [string, MetadataValue] => {
    if (isPicture) return [name, { _type: 'Image' }];
    const value = { dtype: type.dtype, _type: 'Value' };
    if (type.shape.length === 0 || isAlone(type.shape)) return [name, value];
    if (type.shape.length === 1) return [name, { feature: value, length: type.shape[0], _type: 'List' }];
    return [name, { shape: [...type.shape], dtype: type.dtype, _type: `Array${type.shape.length}D` }];
  });
  return JSON.stringify({ info: { features: Object.fromEntries(described) } });
}

function featuresInfo(
  features: ReadonlyMap<string, WrittenFeature>,
  names: MetadataValue,
): Record<string, MetadataValue> {
  const known = typeof names === 'object' && names !== null && !Array.isArray(names) ? names : {};
  const entries = [...features].map(([name, { type, isPicture }]): [string, MetadataValue] => {
    const axes = isPicture ? ['height', 'width', 'channels'] : null;
    const feature = {
      dtype: isPicture ? 'image' : type.dtype,
      shape: type.shape.length === 0 ? [1] : [...type.shape],
      names: (known as Record<string, MetadataValue>)[name] ?? axes,
    };
    return [name, feature];
  });
  return Object.fromEntries(entries);
}
