import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type Checkpoint,
  checkpointPath,
  loadCheckpoint,
  saveCheckpoint,
} from '../../../src/training/checkpoint.js';
import { freshProgress } from '../../../src/training/run.js';
import { encodeSafetensors } from '../../../src/training/safetensors.js';
import { temporaryWorkspace, tinyConfig } from './tiny_run.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = temporaryWorkspace();
  path = checkpointPath(folder, 'latest');
});
afterEach(() => rmSync(folder, { recursive: true }));

function checkpoint(): Checkpoint {
  return {
    config: tinyConfig(folder),
    progress: { ...freshProgress(), envSteps: 40, seconds: 1.5 },
    agent: {
      tensors: { 'actor/w0': { shape: [2, 1], data: Float32Array.of(0.1, -3) } },
      counters: { criticSteps: 7 },
      streams: { 'agent-noise': [1, 2, 3, 4] },
    },
    actionScale: Float32Array.of(1, 2),
    streams: { online: [5, 6, 7, 4294967295] },
    episodes: [{ episode: 3, actions: Float32Array.of(0.5, 0.25) }],
    replay: {
      size: 1,
      head: 1,
      observations: Float32Array.of(1, 2),
      actions: Float32Array.of(3),
      rewards: Float32Array.of(0),
      nextObservations: Float32Array.of(4, 5),
      endings: Uint8Array.of(2),
    },
  };
}

describe('checkpoints', () => {
  it('come back as they were saved', async () => {
    await saveCheckpoint(path, checkpoint());
    const { path: _, hash, ...loaded } = await loadCheckpoint(path);
    expect(loaded).toEqual(checkpoint());
    expect(hash).toMatch(/^[0-9a-f]{12}$/);
  });

  it('are refused when cut short or changed, naming the good ones beside them', async () => {
    await saveCheckpoint(path, checkpoint());
    await saveCheckpoint(checkpointPath(folder, 'ckpt_40'), checkpoint());
    const file = readFileSync(path);
    writeFileSync(path, file.subarray(0, file.length - 5));
    await expect(loadCheckpoint(path)).rejects.toThrow(/cut short.*ckpt_40/);
    file[file.length - 3] ^= 1;
    writeFileSync(path, file);
    await expect(loadCheckpoint(path)).rejects.toThrow('checksum does not match');
  });

  it('of other programs and versions are refused', async () => {
    writeFileSync(path, Buffer.concat(encodeSafetensors({}, { format: 'pt' })));
    await expect(loadCheckpoint(path)).rejects.toThrow('another program wrote it');
    writeFileSync(path, Buffer.concat(encodeSafetensors({}, { format: 'rlpd-checkpoint', version: '9' })));
    await expect(loadCheckpoint(path)).rejects.toThrow('format version 9');
    await expect(loadCheckpoint(join(folder, 'none.safetensors'))).rejects.toThrow('no such checkpoint');
  });
});
