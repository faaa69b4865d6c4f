import { join, resolve, sep } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../../errors.js';
import { readText } from '../../../files/reading.js';
import { checkJson } from '../../checked_json.js';
import { parsePythonJson } from '../../python_json.js';

const count = z.int().nonnegative();

const featureSchema = z.looseObject({
  dtype: z.string(),
  shape: z.array(count),
  /** Names of its numbers, or of its axes, in several layouts. */
  names: z.unknown().optional(),
  info: z.looseObject({ 'video.codec': z.string().optional() }).nullish(),
});

export type Feature = z.output<typeof featureSchema>;

const infoSchema = z.looseObject({
  codebase_version: z.string(),
  fps: z.number().positive(),
  robot_type: z.string().nullish(),
  total_episodes: count,
  total_frames: count,
  chunks_size: z.int().positive().default(1000),
  data_path: z.string(),
  video_path: z.string().nullish(),
  features: z.record(z.string(), featureSchema),
});

/** Contents of a dataset's `meta/info.json`, as far as they are needed. */
export type LeRobotInfo = z.output<typeof infoSchema>;

/** The versions that can be read, newest first. In 3.0 a file has several episodes, before that one. */
const VERSIONS = ['v3.0', 'v2.1', 'v2.0'];

export function infoPath(root: string): string {
  return join(root, 'meta', 'info.json');
}

/** Reads `meta/info.json`. Throws a UserError if a key is missing or wrong, and if its version can't be read here. */
export function readInfo(root: string): LeRobotInfo {
  const path = infoPath(root);
  const json = parsePythonJson(path, readText(path));
  const { codebase_version: version } = checkJson(path, infoSchema.pick({ codebase_version: true }), json);
  if (!VERSIONS.includes(version)) {
    throw new UserError(
      `${path}: codebase_version is ${version}, which can't be read here: ${VERSIONS.join(', ')} can; convert it with ` +
        "lerobot's scripts",
    );
  }
  return checkJson(path, infoSchema, json);
}

/** Names of the features that are videos. */
export function videoFeatures({ features }: Pick<LeRobotInfo, 'features'>): string[] {
  return Object.keys(features).filter((name) => features[name].dtype === 'video');
}

/** The template of the paths of videos. Throws a UserError if there is none. */
export function videoTemplate(
  root: string,
  { video_path: template }: Pick<LeRobotInfo, 'video_path'>,
): string {
  if (template) return template;
  throw new UserError(`${infoPath(root)}: video_path is missing, though there are features of videos`);
}

/** Path of a file within `root` by a template such as `data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet`. */
export function pathFrom(
  root: string,
  template: string,
  values: Readonly<Record<string, number | string>>,
): string {
  const name = template.replaceAll(/\{(\w+)(?::0?(\d+)d)?\}/g, (_, key: string, width?: string) => {
    const value = values[key];
    if (value === undefined)
      throw new UserError(`${infoPath(root)}: "${template}" has the unknown part ${key}`);
    return String(value).padStart(Number(width ?? 0), '0');
  });
  return within(root, name, infoPath(root));
}

/** The path of `name` in the folder `root`. Throws a UserError that names `source` if it would lead out of it. */
export function within(root: string, name: string, source: string): string {
  const path = resolve(root, name);
  if (path.startsWith(resolve(root) + sep)) return join(root, name);
  throw new UserError(`${source}: ${name} leads out of the folder of the dataset`);
}
