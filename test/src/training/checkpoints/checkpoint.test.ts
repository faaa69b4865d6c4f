import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { ReplayBuffer } from '../../../../src/buffers/replay_buffer.js';
import { UserError } from '../../../../src/errors.js';
import type { AgentState } from '../../../../src/learner/agent.js';
import {
  type Checkpoint,
  checkpointPath,
  encodeCheckpoint,
  loadCheckpoint,
  saveCheckpoint,
  savedNames,
} from '../../../../src/training/checkpoints/checkpoint.js';
import { loadResumePoint } from '../../../../src/training/checkpoints/intact_checkpoint.js';
import { policyPath } from '../../../../src/training/checkpoints/policy_export.js';
import { removeOldCheckpoints } from '../../../../src/training/checkpoints/retention.js';
import { encodeSafetensors } from '../../../../src/training/checkpoints/safetensors.js';
import { runFolderAt } from '../../../../src/training/folder/run_folder.js';
import { freshProgress } from '../../../../src/training/run_progress.js';
import { folderOfTest } from '../../../temporary_folder.js';
import { tinyConfig } from '../tiny_run.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = folderOfTest();
  path = checkpointPath(folder, 'latest');
});

function checkpoint(): Checkpoint {
  const config = tinyConfig(folder);
  return {
    config,
    progress: { ...freshProgress(config), envSteps: 40, seconds: 1.5 },
    agent: {
      algorithm: 'sac_n',
      tensors: { 'actor/w0': { shape: [2, 1], data: Float32Array.of(0.1, -3) } },
      counters: { criticSteps: 7 },
      streams: { 'agent-noise': [1, 2, 3, 4] },
    },
    sizes: { observationDim: 2, actionDim: 1 },
    rewardScaling: { scale: 2, shift: -1 },
    actionScale: Float32Array.of(1, 2),
    sampler: { online: [5, 6, 7, 4294967295], demos: [1, 2, 3, 4] },
    exploration: {
      streams: { seedActions: [1, 2, 3, 4], noise: [5, 6, 7, 8] },
      noise: [...Float32Array.of(0.1, -0.3)],
    },
    episodes: [{ episode: 3, actions: Float32Array.of(0.5, 0.25) }],
    interval: {
      updates: { critic_loss: { sum: 0.1 + 0.2, count: 3 } },
      finished: [],
      running: { returns: [1], lengths: [2], firstSuccesses: [0] },
      trainingSteps: 0,
      phases: { rollout: 0, update: 0.5, eval: 0, save: 0, log: 0 },
      lastSuccess: null,
      start: { seconds: 1, envSteps: 32, gradientSteps: 8 },
    },
    balanced: { priorities: Float32Array.of(1, 0.5, 2), highest: 2, stream: [9, 8, 7, 6] },
    replay: {
      size: 1,
      head: 1,
      chunks: [
        {
          observations: Float32Array.of(1, 2),
          actions: Float32Array.of(3),
          rewards: Float32Array.of(0),
          nextObservations: Float32Array.of(4, 5),
          endings: Uint8Array.of(2),
        },
      ],
      kept: { advantages: Float32Array.of(Number.NaN) },
    },
    imagined: {
      size: 2,
      head: 0,
      chunks: [
        {
          observations: Float32Array.of(1, 2, 3, 4),
          actions: Float32Array.of(3, -3),
          rewards: Float32Array.of(0, 0.5),
          nextObservations: Float32Array.of(4, 5, 6, 7),
          endings: Uint8Array.of(2, 1),
        },
      ],
      kept: {},
    },
    keptOfData: { lambdaReturns: Float32Array.of(0.5, -7), advantages: Float32Array.of(1, 2) },
  };
}

describe('checkpoints', () => {
  it('come back as they were saved', async () => {
    await saveCheckpoint(path, checkpoint());
    const { path: _, hash, ...loaded } = await loadCheckpoint(path);
    expect(loaded).toEqual(checkpoint());
    expect(hash).toMatch(/^[0-9a-f]{12}$/);
  });

  it('keep a replay buffer of many chunks without copying it', async () => {
    const buffer = new ReplayBuffer({ capacity: 20_000, numEnvs: 1, observationDim: 2, actionDim: 1 });
    const row = { rewards: new Float32Array(1), terminated: new Uint8Array(1), truncated: new Uint8Array(1) };
    for (let t = 0; t < 20_500; t++) {
      const observations = Float32Array.of(t, -t);
      buffer.add({ ...row, observations, nextObservations: observations, actions: Float32Array.of(t / 7) });
    }
    const replay = buffer.getState();
    const memory = new Set(encodeCheckpoint({ ...checkpoint(), replay }).map(({ buffer: bytes }) => bytes));
    for (const chunk of replay.chunks) expect(memory).toContain(chunk.observations.buffer);
    await saveCheckpoint(path, { ...checkpoint(), replay });
    expect((await loadCheckpoint(path)).replay).toEqual(replay);
    const empty = { size: 0, head: 0, chunks: [], kept: {} };
    await saveCheckpoint(path, { ...checkpoint(), replay: empty, keptOfData: {} });
    expect(await loadCheckpoint(path)).toMatchObject({ replay: empty, keptOfData: {} });
  });

  it('are refused when cut short', async () => {
    await saveCheckpoint(path, checkpoint());
    const file = readFileSync(path);
    for (const size of [0, 100, file.length - 5]) {
      writeFileSync(path, file.subarray(0, size));
      await expect(loadCheckpoint(path)).rejects.toThrow(/not a usable checkpoint: .*cut short/);
    }
  });

  it('are refused when a byte of them has changed, or come back whole', async () => {
    await saveCheckpoint(path, checkpoint());
    const good = await loadCheckpoint(path);
    const file = readFileSync(path);
    let refused = 0;
    for (let at = 0; at < file.length; at += 61) {
      const changed = Buffer.from(file);
      changed[at] ^= 1;
      writeFileSync(path, changed);
      try {
        expect(await loadCheckpoint(path)).toEqual(good);
      } catch (error) {
        expect(error).toBeInstanceOf(UserError);
        refused++;
      }
    }
    expect(refused / (file.length / 61)).toBeGreaterThan(0.9);
    file[file.length - 3] ^= 1;
    writeFileSync(path, file);
    await expect(loadCheckpoint(path)).rejects.toThrow('checksum does not match');
  });

  it('that name no algorithm are of RLPD, which was the only one once', async () => {
    const { agent, ...others } = checkpoint();
    const { algorithm: _, ...unnamed } = agent;
    await saveCheckpoint(path, { ...others, agent: unnamed as AgentState });
    expect((await loadCheckpoint(path)).agent.algorithm).toBe('rlpd');
  });

  it('of before rewards could be scaled leave them as they are', async () => {
    const { rewardScaling: _, ...others } = checkpoint();
    await saveCheckpoint(path, others as Checkpoint);
    expect((await loadCheckpoint(path)).rewardScaling).toBeNull();
  });

  it('of other programs and versions are refused', async () => {
    writeFileSync(path, Buffer.concat(encodeSafetensors({}, { format: 'pt' })));
    await expect(loadCheckpoint(path)).rejects.toThrow('another program wrote it');
    writeFileSync(path, Buffer.concat(encodeSafetensors({}, { format: 'rlpd-checkpoint', version: '9' })));
    await expect(loadCheckpoint(path)).rejects.toThrow('format version 9');
    await expect(loadCheckpoint(join(folder, 'none.safetensors'))).rejects.toThrow('no such checkpoint');
  });
});

describe('loadResumePoint', () => {
  const runFolder = () => runFolderAt(join(folder, 'run'));
  const save = async (name: string, envSteps: number, whole = true) => {
    const { modelsPath } = runFolder();
    mkdirSync(modelsPath, { recursive: true });
    const { progress, replay, ...rest } = checkpoint();
    const saved = { ...rest, progress: { ...progress, envSteps }, replay: whole ? replay : null };
    await saveCheckpoint(checkpointPath(modelsPath, name), saved);
  };
  const damage = (name: string) => {
    const file = checkpointPath(runFolder().modelsPath, name);
    const bytes = readFileSync(file);
    bytes[bytes.length - 1] ^= 1;
    writeFileSync(file, bytes);
  };

  it('gives the newest, or the one that is named, or none of a run that has none', async () => {
    expect(await loadResumePoint(runFolder())).toBeNull();
    await save('ckpt_40', 40);
    expect((await loadResumePoint(runFolder()))?.progress.envSteps).toBe(40);
    await save('latest', 80);
    expect((await loadResumePoint(runFolder()))?.progress.envSteps).toBe(80);
    expect((await loadResumePoint(runFolder(), 'ckpt_40'))?.progress.envSteps).toBe(40);
  });

  it('offers the newest intact one in place of a torn one, with the command', async () => {
    await save('ckpt_40', 40);
    await save('ckpt_80', 80);
    await save('best_success_at_end', 80, false);
    await save('ckpt_120', 120);
    await save('latest', 130);
    damage('latest');
    damage('ckpt_120');
    const { path: run } = runFolder();
    await expect(loadResumePoint(runFolder())).rejects.toThrow(
      `the newest intact one was saved after 80 env steps: npm run rlpd -- train --resume ${run} --checkpoint ckpt_80`,
    );
    await expect(loadResumePoint(runFolder(), 'ckpt_7')).rejects.toThrow(
      /ckpt_7.*no such.*--checkpoint ckpt_80$/,
    );
    damage('ckpt_80');
    await expect(loadResumePoint(runFolder())).rejects.toThrow('--checkpoint best_success_at_end');
    damage('best_success_at_end');
    damage('ckpt_40');
    await expect(loadResumePoint(runFolder())).rejects.toThrow(/file is damaged$/);
  });
});

describe('removeOldCheckpoints', () => {
  it('leaves the newest numbered ones, all others and those of a future that was undone', async () => {
    const names = ['ckpt_8', 'ckpt_16', 'ckpt_120', 'ckpt_400', 'latest', 'best_success_at_end'];
    for (const name of names) {
      writeFileSync(checkpointPath(folder, name), '');
      writeFileSync(policyPath(folder, name), '');
    }
    await removeOldCheckpoints(folder, 2, 120);
    expect(new Set(savedNames(folder))).toEqual(new Set(names.slice(1)));
    expect(existsSync(policyPath(folder, 'ckpt_8'))).toBe(false);
    expect(existsSync(policyPath(folder, 'ckpt_16'))).toBe(true);
  });
});
