import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { AgentState } from '../agents/agent.js';
import { type ConfigTree, validateConfig } from '../config/load.js';
import type { Config } from '../config/schema.js';
import type { ReplayBufferState } from '../data/replay_buffer.js';
import { UserError } from '../errors.js';
import { writeFileAtomic } from '../files.js';
import type { RandomState } from '../rng.js';
import type { EpisodeProgress } from '../rollout/vector_env.js';
import type { RunProgress } from './run.js';
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from './safetensors.js';

const FORMAT = 'rlpd-checkpoint';
const VERSION = '1';
const EXTENSION = '.safetensors';

/** Everything a run needs to go on; without the replay buffer it goes on with freshly collected experience. */
export interface Checkpoint {
  config: Config;
  progress: RunProgress;
  agent: AgentState;
  /** [actionDim], see `Run`. */
  actionScale: Float32Array | null;
  streams: Record<string, RandomState>;
  /** The episodes that were under way. */
  episodes: EpisodeProgress[];
  /** What was collected online, if it is kept (`train.save_buffer_in_checkpoints`). */
  replay: ReplayBufferState | null;
}

/** A loaded checkpoint, with what tells it from others. */
export interface LoadedCheckpoint extends Checkpoint {
  path: string;
  /** The first 12 digits of the SHA-256 of its tensors. */
  hash: string;
}

/** The file of a run's checkpoint `name`: `latest`, `best_success_at_end`, `ckpt_<envSteps>`. */
export function checkpointPath(modelsPath: string, name: string): string {
  return join(modelsPath, `${name}${EXTENSION}`);
}

/** Writes a checkpoint whole or not at all; Python opens the file with `safetensors`. Throws a UserError if it can't. */
export async function saveCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  await writeFileAtomic(path, encodeCheckpoint(checkpoint));
}

/** The parts of a checkpoint's file, one after another. */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array[] {
  const { config, progress, agent, streams, episodes, replay } = checkpoint;
  const tensors: Record<string, NamedTensor> = {};
  for (const [name, tensor] of Object.entries(agent.tensors)) tensors[`agent/${name}`] = tensor;
  const { size = 0, head = 0, ...columns } = replay ?? {};
  for (const [name, data] of Object.entries(columns))
    tensors[`replay/${name}`] = { shape: [data.length], data };
  episodes.forEach(({ actions }, i) => {
    tensors[`episodes/${i}`] = { shape: [actions.length], data: actions };
  });
  const contents = {
    config,
    progress,
    streams,
    actionScale: checkpoint.actionScale && [...checkpoint.actionScale],
    counters: agent.counters,
    agentStreams: agent.streams,
    replay: replay ? { size, head } : null,
    episodes: episodes.map(({ episode }) => episode),
  };
  const metadata = {
    format: FORMAT,
    version: VERSION,
    env_id: config.env.env_id,
    env_steps: String(progress.envSteps),
    contents: JSON.stringify(contents),
    sha256: tensorHash(tensors, JSON.stringify(contents)),
  };
  return encodeSafetensors(tensors, metadata);
}

/**
 * Reads a checkpoint. Throws a UserError that says what is wrong with the file (missing, cut short, damaged, of another
 * program or version) and which other checkpoints stand beside it.
 */
export async function loadCheckpoint(path: string): Promise<LoadedCheckpoint> {
  if (!existsSync(path)) throw new UserError(`${path}: no such checkpoint${others(path)}`);
  try {
    return decodeCheckpoint(path, await readFile(path));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`${path}: not a usable checkpoint: ${reason}${others(path)}`, { cause: error });
  }
}

function decodeCheckpoint(path: string, file: Uint8Array): LoadedCheckpoint {
  const { tensors, metadata } = decodeSafetensors(file);
  if (metadata.format !== FORMAT) throw new Error('another program wrote it');
  if (metadata.version !== VERSION) {
    throw new Error(`it has the format version ${metadata.version}, this program reads version ${VERSION}`);
  }
  const hash = tensorHash(tensors, metadata.contents);
  if (hash !== metadata.sha256) throw new Error('its checksum does not match: the file is damaged');
  const contents = JSON.parse(metadata.contents);
  const pick = (prefix: string) =>
    Object.entries(tensors).flatMap(([name, tensor]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), tensor] as const] : [],
    );
  const columns = Object.fromEntries(pick('replay/').map(([name, { data }]) => [name, data]));
  return {
    path,
    hash: hash.slice(0, 12),
    config: validateConfig(contents.config as ConfigTree, path),
    progress: contents.progress,
    agent: {
      tensors: Object.fromEntries(pick('agent/')) as AgentState['tensors'],
      counters: contents.counters,
      streams: contents.agentStreams,
    },
    actionScale: contents.actionScale && Float32Array.from(contents.actionScale),
    streams: contents.streams,
    episodes: (contents.episodes as number[]).map((episode, i) => ({
      episode,
      actions: tensors[`episodes/${i}`].data as Float32Array,
    })),
    replay: contents.replay && { ...contents.replay, ...columns },
  };
}

function tensorHash(tensors: Record<string, NamedTensor>, contents: string): string {
  const hash = createHash('sha256').update(contents);
  for (const name of Object.keys(tensors).sort()) {
    const { data } = tensors[name];
    hash.update(name).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex');
}

function others(path: string): string {
  const folder = dirname(path);
  if (!existsSync(folder)) return '';
  const names = readdirSync(folder).filter((name) => name.endsWith(EXTENSION) && join(folder, name) !== path);
  return names.length > 0 ? `; others in ${folder}: ${names.join(', ')}` : '';
}
