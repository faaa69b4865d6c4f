import { Tensor } from 'onnxruntime-node';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { UserError } from '../../../../src/errors.js';
import { findGpuProvider } from '../../../../src/runtime/node/gpu.js';
import * as libraries from '../../../../src/runtime/node/gpu_libraries.js';
import { fails, fakeGpu, resetFakeGpu } from './fake_gpu.js';

vi.mock('onnxruntime-node', async (original) =>
  (await import('./fake_gpu.js')).withFakeGpu(await original()),
);

beforeEach(() => {
  resetFakeGpu();
  vi.spyOn(libraries, 'whyNoVulkan').mockReturnValue(null);
});
afterEach(() => vi.restoreAllMocks());

async function problem(): Promise<string> {
  const error = await findGpuProvider().catch((thrown) => thrown);
  expect(error).toBeInstanceOf(UserError);
  return error.message;
}

it('prefers CUDA', async () => {
  expect(await findGpuProvider()).toBe('cuda');
  expect(fakeGpu.asked).toEqual(['cuda']);
});

it('takes WebGPU where CUDA fails', async () => {
  fakeGpu.faults['cuda'] = fails('CUDA failure 100: no CUDA-capable device is detected');
  expect(await findGpuProvider()).toBe('webgpu');
  expect(fakeGpu.asked).toEqual(['cuda', 'webgpu']);
});

it('says in a line for each provider why it does not work, and never takes the CPU', async () => {
  fakeGpu.faults['cuda'] = fails('CUDA failure 100: no CUDA-capable device is detected\nmore');
  fakeGpu.faults['webgpu'] = fails(
    '/src/webgpu_context.cc:136 f(const A&)::<lambda()> a.status == B::C was false. Failed to get a WebGPU adapter: ' +
      'No supported adapters\n',
  );
  expect(await problem()).toBe(
    [
      'train.device=gpu: ONNX Runtime can use no graphics card here',
      '  cuda: CUDA failure 100: no CUDA-capable device is detected',
      '  webgpu: Failed to get a WebGPU adapter: No supported adapters',
      'put one of these right, or set train.device=cpu',
    ].join('\n'),
  );
  expect(fakeGpu.asked).not.toContain('cpu');
});

it('asks the system why libraries are missing', async () => {
  fakeGpu.faults['cuda'] = fails('OrtSessionOptionsAppend_Cuda: Failed to load shared library');
  vi.spyOn(libraries, 'whyNoCuda').mockReturnValue('no libcudart.so');
  vi.spyOn(libraries, 'whyNoVulkan').mockReturnValue('no libvulkan.so');
  expect(await problem()).toContain('\n  cuda: no libcudart.so\n  webgpu: no libvulkan.so\n');
  // It would print its complaint on the terminal.
  expect(fakeGpu.asked).not.toContain('webgpu');
});

it('does not try what this build of ONNX Runtime lacks', async () => {
  fakeGpu.providers = ['webgpu'];
  fakeGpu.faults['webgpu'] = fails('no adapter');
  expect(await problem()).toContain(`cuda: not part of ONNX Runtime for ${process.platform} ${process.arch}`);
  expect(fakeGpu.asked).toEqual(['webgpu']);
});

it('does not take a provider that computes nonsense, and frees its session', async () => {
  const release = vi.fn(async () => {});
  fakeGpu.faults['cuda'] = () => ({
    run: async () => new Proxy({}, { get: () => new Tensor('float32', [7, 10, 15, 0], [2, 2]) }),
    release,
  });
  fakeGpu.faults['webgpu'] = fails('no adapter');
  expect(await problem()).toContain('cuda: [1 2; 3 4] squared was 7, 10, 15, 0');
  expect(release).toHaveBeenCalled();
});
