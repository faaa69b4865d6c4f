import { beforeEach, expect, it, vi } from 'vitest';
import { NEVER_STOP } from '../../../src/stop_signal.js';
import { loadAgent } from '../../../src/training/checkpoints/load_policy.js';
import { checkResumable } from '../../../src/training/checkpoints/resume.js';
import { createEvaluationEnvs } from '../../../src/training/evaluation/evaluation_envs.js';
import { createRunFolder } from '../../../src/training/folder/run_folder.js';
import { train } from '../../../src/training/train.js';
import { folderOfTest } from '../../temporary_folder.js';
import { fails, fakeGpu, resetFakeGpu } from '../runtime/node/fake_gpu.js';
import { comparable, latest, silentDisplay, stopAtLook, tinyConfig } from './tiny_run.js';

// A card that is really the CPU: everything of a training on a GPU but the card.
vi.mock('onnxruntime-node', async (original) =>
  (await import('../runtime/node/fake_gpu.js')).withFakeGpu(await original()),
);

let workspace: string;
beforeEach(() => {
  resetFakeGpu();
  workspace = folderOfTest();
});

const onGpu = () => tinyConfig(workspace, ['train.device=gpu']);

it('a run on a GPU learns what one on the CPU learns, and says what it runs on', async () => {
  const display = silentDisplay();
  const folder = await createRunFolder(onGpu());
  await train(onGpu(), folder, null, display, NEVER_STOP);
  expect(display.notes).toContain('training on the GPU, by cuda');
  // The probe, then the stages of training; acting stays on the CPU.
  expect(new Set(fakeGpu.asked)).toEqual(new Set(['cuda', 'cpu']));
  expect(fakeGpu.asked.lastIndexOf('cuda')).toBeLessThan(fakeGpu.asked.indexOf('cpu'));

  const onCpu = await createRunFolder(tinyConfig(workspace));
  await train(tinyConfig(workspace), onCpu, null, silentDisplay(), NEVER_STOP);
  expect(comparable(await latest(folder))).toEqual(comparable(await latest(onCpu)));
});

it('a run on a GPU goes on, and is evaluated, where there is none', async () => {
  const folder = await createRunFolder(onGpu());
  await train(onGpu(), folder, null, silentDisplay(), stopAtLook(9));
  for (const provider of fakeGpu.providers) fakeGpu.faults[provider] = fails('no such device');

  const checkpoint = await latest(folder);
  const envs = await createEvaluationEnvs(checkpoint.config);
  const agent = await loadAgent(checkpoint, checkpoint.config, envs.spec);
  expect(agent.provider).toBe('cpu');
  await agent.dispose();
  await envs.close();

  const refused = train(checkpoint.config, folder, checkpoint, silentDisplay(), NEVER_STOP);
  await expect(refused).rejects.toThrow(/cuda: no such device\n.*\n.*set train\.device=cpu/);
  const config = tinyConfig(workspace);
  expect(() => checkResumable(checkpoint, config)).not.toThrow();
  expect(await train(config, folder, checkpoint, silentDisplay(), NEVER_STOP)).toBe(true);
});
