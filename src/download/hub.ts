import { listFiles, pathsInfo } from '@huggingface/hub';
import { nearestWord } from '../../envs/nearest_word.js';
import { type Environment, readVariable } from '../environment_variables.js';
import { UserError } from '../errors.js';
import { HttpStatusError, request } from './http.js';
import type { DownloadSource } from './part_file.js';
import { type RetryOptions, withRetries } from './retries.js';

/** Address of ManiSkill's published demonstrations. */
export interface Hub {
  /** The address without a slash at the end. */
  endpoint: string;
  token: string | undefined;
  /** A branch, a tag or a commit. */
  revision: string;
  retries: RetryOptions;
}

export interface PublishedDemos {
  envId: string;
  /** Bytes of the packed archive. */
  size: number;
}

const DEFAULT_ENDPOINT = 'https://huggingface.co';
// ManiSkill: mani_skill/utils/download_demo.py
const REPOSITORY = 'haosulab/ManiSkill_Demonstrations';
const FOLDER = 'demos';
const ARCHIVE_ENDING = '.zip';

/** The hub that the environment variables HF_ENDPOINT and HF_TOKEN name, as in Hugging Face's own tools. */
export function hubFromEnvironment(
  revision: string,
  retries: RetryOptions,
  environment: Environment = process.env,
): Hub {
  const endpoint = (readVariable('HF_ENDPOINT', environment) ?? DEFAULT_ENDPOINT).replace(/\/+$/, '');
  const token = readVariable('HF_TOKEN', environment) ?? undefined;
  return { endpoint, token, revision, retries };
}

/** The demonstrations there are on the hub, by name. */
export async function publishedDemos(hub: Hub): Promise<PublishedDemos[]> {
  const found: PublishedDemos[] = [];
  await asking(hub, async (access) => {
    // The library puts this revision into the address as it is.
    const revision = encodeURIComponent(hub.revision);
    for await (const { path, size, lfs } of listFiles({ ...access, path: FOLDER, revision })) {
      if (!path.endsWith(ARCHIVE_ENDING)) continue;
      const envId = path.slice(FOLDER.length + 1, -ARCHIVE_ENDING.length);
      found.push({ envId, size: lfs?.size ?? size });
    }
  });
  return found.sort((a, b) => (a.envId < b.envId ? -1 : 1));
}

/** The archive of a task's demonstrations. Throws a UserError, naming what there is, if the hub has none. */
export async function publishedArchive(hub: Hub, envId: string): Promise<DownloadSource> {
  const path = `${FOLDER}/${envId}${ARCHIVE_ENDING}`;
  const { revision, endpoint, token } = hub;
  const [info] = await asking(hub, (access) => pathsInfo({ ...access, paths: [path], revision }));
  if (info === undefined) throw await notPublished(hub, envId);
  return {
    url: `${endpoint}/datasets/${REPOSITORY}/resolve/${encodeURIComponent(revision)}/${path}`,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    sha256: info.lfs?.oid ?? null,
    size: info.lfs?.size ?? info.size,
  };
}

async function notPublished(hub: Hub, envId: string): Promise<UserError> {
  const envIds = (await publishedDemos(hub)).map((demos) => demos.envId);
  const near = nearestWord(envId, envIds);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  return new UserError(
    `${hub.endpoint} has no demonstrations of "${envId}"${hint} There are: ${envIds.join(', ')}`,
  );
}

/** Arguments that every call of the hub's library needs. */
interface Access {
  repo: { type: 'dataset'; name: string };
  hubUrl: string;
  accessToken?: string;
  fetch: typeof fetch;
}

async function asking<T>(hub: Hub, call: (access: Access) => Promise<T>): Promise<T> {
  const { endpoint, token, revision, retries } = hub;
  const { signal } = retries;
  const access: Access = {
    repo: { type: 'dataset', name: REPOSITORY },
    hubUrl: endpoint,
    ...(token !== undefined && { accessToken: token }),
    fetch: (url, init) => withRetries(() => request(url as string, { ...init, signal }), retries),
  };
  try {
    return await call(access);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof HttpStatusError) throw refusal(error, endpoint, revision);
    if (error instanceof UserError) throw error;
    throw new UserError(`${endpoint} does not answer as a hub does (${(error as Error).message})`, {
      cause: error,
    });
  }
}

function refusal(error: HttpStatusError, endpoint: string, revision: string): UserError {
  switch (error.status) {
    case 401:
    case 403:
      return new UserError(
        `${endpoint} refuses access to ${REPOSITORY}: is HF_TOKEN right? (${error.message})`,
      );
    case 404:
      return new UserError(`${endpoint} has no revision "${revision}" of ${REPOSITORY} (${error.message})`);
    default:
      return error;
  }
}
