import { rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { metadataPath } from '../datasets/formats/maniskill/json.js';
import { UserError } from '../errors.js';
import { createFolder, filesBelow, removeFolder } from '../files/folders.js';
import { shortenHome } from '../files/paths.js';
import { temporaryPath } from '../files/temporary_names.js';
import { describeDatasets, type FoundDataset } from './found_datasets.js';
import { type Hub, publishedArchive } from './hub.js';
import { type DownloadSource, discardPart, partPath } from './part_file.js';
import { type DownloadOptions, download } from './resumable.js';
import { GaveUpError } from './retries.js';
import { moveIntoPlace, prepareTarget } from './target_folder.js';
import { unpackZip } from './unpack_zip.js';
import { ArchiveError } from './zip_contents.js';

/** Source of a download: the hub's archive for the task, or a file from elsewhere. */
export type DemosSource =
  | { kind: 'hub'; hub: Hub }
  | {
      kind: 'url';
      /** A zip file; or, ending in `.h5`, a dataset, whose json is expected beside it. */
      url: string;
      /** The file's SHA-256 in hexadecimal digits; null if the user gives none. */
      sha256: string | null;
    };

export interface DownloadDemosOptions extends Omit<DownloadOptions, 'label'> {
  envId: string;
  source: DemosSource;
  /** The folder to put the files into. */
  target: string;
  /** Replaces files of the same name. */
  overwrite: boolean;
}

/**
 * Downloads demonstrations, checks them, unpacks them and puts them into the target folder. What has arrived stays
 * beside that folder until it is whole, also when this fails or is aborted, and the next call goes on from there.
 * Nothing else is left behind by a failure. Throws a UserError on anything the user can put right.
 */
export async function downloadDemos(options: DownloadDemosOptions): Promise<FoundDataset[]> {
  const { target, overwrite } = options;
  await prepareTarget(target, overwrite);
  const staging = temporaryPath(target);
  try {
    const { folder, parts } = await fetchInto(staging, options);
    const names = filesBelow(folder);
    await moveIntoPlace(folder, target, overwrite);
    for (const part of parts) await discardPart(part);
    return await describeDatasets(target, names);
  } finally {
    removeFolder(staging);
  }
}

/** The files, in a folder that may be moved away, and the parts to delete when they are in place. */
interface Fetched {
  folder: string;
  parts: string[];
}

async function fetchInto(staging: string, options: DownloadDemosOptions): Promise<Fetched> {
  const { envId, source } = options;
  switch (source.kind) {
    case 'hub':
      try {
        return await fetchArchive(await publishedArchive(source.hub, envId), staging, options);
      } catch (error) {
        throw error instanceof GaveUpError ? withOtherWays(error, options.target) : error;
      }
    case 'url': {
      const file = { url: source.url, headers: {}, sha256: source.sha256, size: null };
      const isDataset = new URL(source.url).pathname.endsWith('.h5');
      return isDataset ? fetchDataset(file, staging, options) : fetchArchive(file, staging, options);
    }
  }
}

function withOtherWays(error: GaveUpError, target: string): UserError {
  return new UserError(
    `${error.message}. The same command goes on later. Other ways: HF_ENDPOINT names a mirror, --url takes a copy, ` +
      `and files copied by hand belong in ${shortenHome(target)}`,
    { cause: error },
  );
}

async function fetchArchive(
  source: DownloadSource,
  staging: string,
  options: DownloadDemosOptions,
): Promise<Fetched> {
  const { envId, target, signal, display } = options;
  const part = partPath(target, 'zip');
  const { sha256 } = await download(source, part, { label: envId, signal, display });
  display.note(checksumNote(sha256, source));
  display.note(`unpacking into ${shortenHome(target)}`);
  createFolder(staging);
  try {
    const names = await unpackZip(part, staging, signal);
    if (!names.some((name) => name.endsWith('.h5'))) {
      throw new ArchiveError(`${source.url}: there is no .h5 file in it, so no demonstrations of ${envId}`);
    }
    // The published archives hold a folder with the name of the task: that is what the target is.
    const isWrapped = names.every((name) => name.startsWith(`${envId}/`));
    return { folder: isWrapped ? join(staging, envId) : staging, parts: [part] };
  } catch (error) {
    // Kept, it would be taken for a finished download the next time.
    if (error instanceof ArchiveError) await discardPart(part);
    throw error;
  }
}

async function fetchDataset(
  source: DownloadSource,
  staging: string,
  options: DownloadDemosOptions,
): Promise<Fetched> {
  const { envId, target, signal, display } = options;
  const [h5, json] = [partPath(target, 'h5'), partPath(target, 'json')];
  const jsonUrl = new URL(source.url);
  jsonUrl.pathname = metadataPath(jsonUrl.pathname);
  // The small one first: without it the other is of no use.
  const jsonSource = { ...source, url: jsonUrl.href, sha256: null };
  await download(jsonSource, json, { label: `${envId} (json)`, signal, display });
  const { sha256 } = await download(source, h5, { label: envId, signal, display });
  display.note(checksumNote(sha256, source));
  createFolder(staging);
  const name = basename(decodeURIComponent(new URL(source.url).pathname));
  await rename(h5, join(staging, name));
  await rename(json, join(staging, metadataPath(name)));
  return { folder: staging, parts: [h5, json] };
}

function checksumNote(found: string, { sha256 }: DownloadSource): string {
  return `sha256 ${found}: ${sha256 === null ? 'not checked, for it is not known what it should be' : 'as it should be'}`;
}
