import { statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { isKept } from '../buffers/columns.js';
import { bytesPerTransition, type TransitionSizes } from '../buffers/replay_chunk.js';
import { byteSize } from '../byte_size.js';
import type { Config } from '../config/schema.js';
import { listFolder } from '../files/folders.js';
import { offlineUpdates, onlineSteps } from './phases/schedules.js';
import type { Run } from './run.js';

/** Bytes that a run will take when all its steps are made. */
export interface SpaceNeeds {
  /** Transitions in the full replay buffer. */
  transitions: number;
  replay: number;
  demos: number;
  /** Bytes on the disk of all checkpoints that it keeps. */
  checkpoints: number;
}

/** Estimates the needs of a run with `numDemos` demonstrated transitions and a learner of `agentBytes`. */
export function spaceNeeds(
  { train }: Pick<Config, 'train'>,
  sizes: TransitionSizes,
  numDemos: number,
  agentBytes: number,
): SpaceNeeds {
  const row = bytesPerTransition(sizes);
  const capacity = train.replay_buffer_capacity;
  const steps = onlineSteps(train);
  const transitions = Math.min(steps, capacity);
  const numbered = Math.floor((offlineUpdates(train) + steps) / train.save_freq);
  const dropped = Math.max(0, numbered - (train.keep_checkpoints ?? numbered));
  // Buffers grow evenly from one numbered checkpoint to the next, until they are full.
  const growing = Math.max(dropped, Math.min(numbered, Math.floor(capacity / train.save_freq)));
  const inNumbered = train.save_freq * (sumTo(growing) - sumTo(dropped)) + capacity * (numbered - growing);
  const saved = train.save_buffer_in_checkpoints ? inNumbered + transitions : 0;
  return {
    transitions,
    replay: transitions * row,
    demos: numDemos * row,
    checkpoints: (2 + numbered - dropped) * agentBytes + saved * row,
  };
}

/** The sum 1 + 2 + … + n. */
function sumTo(n: number): number {
  return (n * (n + 1)) / 2;
}

/**
 * Lines on the memory that a run will take, with warnings if memory or disk will not do, counting the bytes of both
 * that it holds already.
 */
export async function describeSpace(run: Run): Promise<string[]> {
  const { config, agent, online, imagined, sampler, folder } = run;
  // Columns that the agent makes of its data are saved beside it.
  const keptBytes = Float32Array.BYTES_PER_ELEMENT * agent.columns.filter(isKept).length * sampler.demoSize;
  const imaginedBytes = (imagined?.capacity ?? 0) * bytesPerTransition(agent);
  const savedBytes = config.train.save_buffer_in_checkpoints ? imaginedBytes : 0;
  const needs = spaceNeeds(config, agent, sampler.demoSize, agent.stateBytes + keptBytes + savedBytes);
  const held = (online?.replay.size ?? 0) * bytesPerTransition(agent);
  const memory = process.availableMemory() + held;
  const { bavail, bsize } = await statfs(folder.path);
  const saved = listFolder(folder.modelsPath).map((name) => statSync(join(folder.modelsPath, name)).size);
  const disk = bavail * bsize + saved.reduce((sum, size) => sum + size, 0);
  const parts: string[] = [];
  if (online)
    parts.push(`the replay buffer grows to ${byteSize(needs.replay)} (${needs.transitions} transitions)`);
  if (imagined) parts.push(`rollouts grow to ${byteSize(imaginedBytes)} (${imagined.capacity} transitions)`);
  if (needs.demos > 0) parts.push(`demonstrations take ${byteSize(needs.demos)}`);
  const notes = [`memory: ${parts.join(', ')}; ${byteSize(memory)} are free`];
  if (needs.replay > memory) {
    notes.push(
      `warning: memory will run out: lower train.replay_buffer_capacity below ${Math.floor((memory / needs.replay) * needs.transitions)}`,
    );
  }
  if (needs.checkpoints > disk) {
    notes.push(
      `warning: the disk will run out: checkpoints take ${byteSize(needs.checkpoints)}, ${byteSize(disk)} are free; ` +
        'set train.keep_checkpoints, or a larger train.save_freq',
    );
  }
  return notes;
}
