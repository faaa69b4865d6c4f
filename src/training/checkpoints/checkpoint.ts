import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BalancedSamplerState } from '../../buffers/balanced_sampler.js';
import { KEPT_COLUMNS } from '../../buffers/columns.js';
import { CHUNK_ROWS, type KeptNumbers, type ReplayBufferState } from '../../buffers/replay_buffer.js';
import type { ReplayChunk } from '../../buffers/replay_chunk.js';
import type { RewardScaling } from '../../buffers/reward_scaling.js';
import type { SamplerState } from '../../buffers/symmetric_sampler.js';
import { validateConfig } from '../../config/load.js';
import type { ConfigTree } from '../../config/overrides.js';
import type { Config } from '../../config/schema.js';
import { UserError } from '../../errors.js';
import { writeFileAtomic } from '../../files/atomic.js';
import { listFolder } from '../../files/folders.js';
import { readError, systemCode } from '../../files/problems.js';
import type { AgentState } from '../../learner/agent.js';
import type { PolicySizes } from '../../learner/algorithm.js';
import { limitProblem } from '../../limits.js';
import type { EpisodeProgress } from '../../rollout/vector_env.js';
import type { IntervalState } from '../logs/interval.js';
import type { ExplorationState } from '../phases/exploration.js';
import type { RunProgress } from '../run_progress.js';
import { bytesOf, dtypeOf, encodeSafetensors, type StoredTensor, wholeTensor } from './safetensors.js';
import { SafetensorsFile } from './safetensors_file.js';

/** The format and its version, as the header names them. */
export const CHECKPOINT_FORMAT = { format: 'rlpd-checkpoint', version: '3' } as const;
/** Algorithm of the checkpoints that name none: it was the only one when they were made. */
const ALGORITHM_OF_OLD_CHECKPOINTS = 'rlpd';
/** The tensor of priorities. */
const PRIORITIES = 'balanced/priorities';
export const CHECKPOINT_EXTENSION = '.safetensors';

/** The state that a run needs to go on; without the replay buffer it goes on with freshly collected experience. */
export interface Checkpoint {
  config: Config;
  progress: RunProgress;
  agent: AgentState;
  /** The sizes of its observations and actions; null in checkpoints of before they were saved. */
  sizes: PolicySizes | null;
  /** [actionDim], see `Run`. */
  actionScale: Float32Array | null;
  /** See `Run`; null also in checkpoints of before rewards could be scaled. */
  rewardScaling: RewardScaling | null;
  sampler: SamplerState;
  /** State of the exploration; null without the phase online. */
  exploration: ExplorationState | null;
  /** The episodes that were under way. */
  episodes: EpisodeProgress[];
  /** Contents of the next log line so far. */
  interval: IntervalState;
  /** Online experience, if it is kept (`train.save_buffer_in_checkpoints`). */
  replay: ReplayBufferState | null;
  /** The steps of rollouts in a model, if they are kept, too. */
  imagined: ReplayBufferState | null;
  /** The priorities of data and experience, if batches are drawn by such and experience is kept. */
  balanced: BalancedSamplerState | null;
  /** The numbers that the agent has made for the rows of its data. */
  keptOfData: KeptNumbers;
}

/** A loaded checkpoint with its path and its hash, by which it is known. */
export interface LoadedCheckpoint extends Checkpoint {
  path: string;
  /** The first 12 digits of the SHA-256 of its tensors. */
  hash: string;
}

/** The file of a run's checkpoint `name`: `latest`, `best_success_at_end`, `ckpt_<envSteps>`. */
export function checkpointPath(modelsPath: string, name: string): string {
  return join(modelsPath, `${name}${CHECKPOINT_EXTENSION}`);
}

/** The names of the checkpoints in a folder. */
export function savedNames(modelsPath: string): string[] {
  if (!existsSync(modelsPath)) return [];
  return listFolder(modelsPath)
    .filter((file) => file.endsWith(CHECKPOINT_EXTENSION) && !file.startsWith('.'))
    .map((file) => file.slice(0, -CHECKPOINT_EXTENSION.length));
}

/** Writes a checkpoint whole or not at all; Python opens the file with `safetensors`. Throws a UserError if it can't. */
export async function saveCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  await writeFileAtomic(path, encodeCheckpoint(checkpoint));
}

/** The parts of a checkpoint's file, one after another; the replay buffer's are not copied. */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array[] {
  const { config, progress, agent, sizes, sampler, exploration, episodes, interval } = checkpoint;
  const { replay, imagined, balanced } = checkpoint;
  const tensors: Record<string, StoredTensor> = {};
  for (const [name, { shape, data }] of Object.entries(agent.tensors)) {
    tensors[`agent/${name}`] = wholeTensor(shape, data);
  }
  Object.assign(tensors, bufferTensors('replay', replay), bufferTensors('imagined', imagined));
  for (const [part, kept] of Object.entries({ data: checkpoint.keptOfData, replay: replay?.kept ?? {} })) {
    for (const [name, numbers] of Object.entries(kept)) {
      tensors[`kept/${part}/${name}`] = wholeTensor([numbers.length], numbers);
    }
  }
  if (balanced) tensors[PRIORITIES] = wholeTensor([balanced.priorities.length], balanced.priorities);
  episodes.forEach(({ actions }, i) => {
    tensors[`episodes/${i}`] = wholeTensor([actions.length], actions);
  });
  const contents = JSON.stringify({
    config,
    progress,
    sizes,
    sampler,
    exploration,
    actionScale: checkpoint.actionScale && [...checkpoint.actionScale],
    rewardScaling: checkpoint.rewardScaling,
    algorithm: agent.algorithm,
    counters: agent.counters,
    agentStreams: agent.streams,
    replay: replay && { size: replay.size, head: replay.head },
    imagined: imagined && { size: imagined.size, head: imagined.head },
    balanced: balanced && { highest: balanced.highest, stream: balanced.stream },
    episodes: episodes.map(({ episode }) => episode),
    interval,
  });
  const metadata = {
    ...CHECKPOINT_FORMAT,
    env_id: config.env.env_id ?? '',
    env_steps: String(progress.envSteps),
    contents,
    sha256: contentsHash(tensors, contents),
  };
  return encodeSafetensors(tensors, metadata);
}

/**
 * Reads a checkpoint. Throws a UserError that says what is wrong with the file: missing, cut short, damaged, of another
 * program or version.
 */
export async function loadCheckpoint(path: string): Promise<LoadedCheckpoint> {
  if (!existsSync(path)) throw new UserError(`${path}: no such checkpoint${others(path)}`);
  try {
    const file = await SafetensorsFile.open(path);
    try {
      return await readCheckpoint(path, file);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (limitProblem(error) !== null) throw error;
    if (systemCode(error) !== undefined) throw readError(path, error);
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`${path}: not a usable checkpoint: ${reason}`, { cause: error });
  }
}

async function readCheckpoint(path: string, file: SafetensorsFile): Promise<LoadedCheckpoint> {
  const { metadata } = file;
  const { format, version } = CHECKPOINT_FORMAT;
  if (metadata.format !== format) throw new Error('another program wrote it');
  if (metadata.version !== version) {
    throw new Error(`it has the format version ${metadata.version}, this program reads version ${version}`);
  }
  const tensors: Record<string, StoredTensor> = {};
  for (const name of file.names) {
    tensors[name] = await file.read(name, /^(replay|imagined)\//.test(name) ? CHUNK_ROWS : undefined);
  }
  const hash = contentsHash(tensors, metadata.contents);
  if (hash !== metadata.sha256) throw new Error('its checksum does not match: the file is damaged');
  const contents = JSON.parse(metadata.contents);
  return {
    path,
    hash: hash.slice(0, 12),
    config: validateConfig(contents.config as ConfigTree, path),
    progress: progressIn(contents),
    agent: {
      algorithm: contents.algorithm ?? ALGORITHM_OF_OLD_CHECKPOINTS,
      tensors: agentTensors(tensors),
      counters: contents.counters,
      streams: contents.agentStreams,
    },
    sizes: contents.sizes ?? null,
    actionScale: contents.actionScale && Float32Array.from(contents.actionScale),
    rewardScaling: contents.rewardScaling ?? null,
    sampler: contents.sampler,
    exploration: contents.exploration,
    episodes: (contents.episodes as number[]).map((episode, i) => ({
      episode,
      actions: tensors[`episodes/${i}`].parts[0] as Float32Array,
    })),
    interval: contents.interval,
    replay: contents.replay && {
      ...contents.replay,
      chunks: bufferChunks(tensors, 'replay'),
      kept: keptNumbers(tensors, 'replay'),
    },
    imagined: contents.imagined
      ? { ...contents.imagined, chunks: bufferChunks(tensors, 'imagined'), kept: {} }
      : null,
    balanced: contents.balanced
      ? { ...contents.balanced, priorities: tensors[PRIORITIES].parts[0] as Float32Array }
      : null,
    keptOfData: keptNumbers(tensors, 'data'),
  };
}

/** The progress in a checkpoint's contents. Runs of before there were the phases model and offline made no updates in them. */
export function progressIn({ progress }: Pick<Checkpoint, 'progress'>): RunProgress {
  const { modelSteps = 0, offlineSteps = 0 } = progress;
  return { ...progress, modelSteps, offlineSteps };
}

function agentTensors(tensors: Record<string, StoredTensor>): AgentState['tensors'] {
  const prefix = 'agent/';
  const own = Object.entries(tensors).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(
    own.map(([name, { shape, parts }]) => [
      name.slice(prefix.length),
      { shape, data: parts[0] as Float32Array },
    ]),
  );
}

function keptNumbers(tensors: Record<string, StoredTensor>, part: 'data' | 'replay'): KeptNumbers {
  const found = KEPT_COLUMNS.flatMap((column) => {
    const tensor = tensors[`kept/${part}/${column}`];
    return tensor ? [[column, tensor.parts[0] as Float32Array] as const] : [];
  });
  return Object.fromEntries(found);
}

/** The tensors of a buffer's contents, which are not copied. */
function bufferTensors(
  group: 'replay' | 'imagined',
  buffer: ReplayBufferState | null,
): Record<string, StoredTensor> {
  if (!buffer || buffer.size === 0) return {};
  const { size, chunks } = buffer;
  const tensors = (Object.keys(chunks[0]) as (keyof ReplayChunk)[]).map((name) => {
    const parts = chunks.map((chunk) => chunk[name]);
    const values = parts.reduce((sum, part) => sum + part.length, 0);
    return [`${group}/${name}`, { shape: [size, values / size], parts }] as [string, StoredTensor];
  });
  return Object.fromEntries(tensors);
}

function bufferChunks(tensors: Record<string, StoredTensor>, group: 'replay' | 'imagined'): ReplayChunk[] {
  const prefix = `${group}/`;
  const columns = Object.entries(tensors).filter(([name]) => name.startsWith(prefix));
  const count = columns[0]?.[1].parts.length ?? 0;
  return Array.from({ length: count }, (_, i) => {
    const chunk = columns.map(([name, { parts }]) => [name.slice(prefix.length), parts[i]] as const);
    return Object.fromEntries(chunk) as unknown as ReplayChunk;
  });
}

function others(path: string): string {
  const folder = dirname(path);
  const names = savedNames(folder);
  return names.length > 0 ? `; others in ${folder}: ${names.join(', ')}` : '';
}

/** SHA-256 of all restored contents, tensors in the order of their names. */
function contentsHash(tensors: Record<string, StoredTensor>, contents: string): string {
  const hash = createHash('sha256').update(contents);
  for (const name of Object.keys(tensors).sort()) {
    const { shape, parts } = tensors[name];
    hash.update(JSON.stringify([name, dtypeOf(parts[0]), shape]));
    for (const part of parts) hash.update(bytesOf(part));
  }
  return hash.digest('hex');
}
