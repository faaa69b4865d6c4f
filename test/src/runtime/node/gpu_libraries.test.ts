import { existsSync } from 'node:fs';
import { afterEach, expect, it, vi } from 'vitest';
import { whyNoCuda, whyNoVulkan } from '../../../../src/runtime/node/gpu_libraries.js';

vi.mock('node:fs', async (original) => ({ ...(await original<object>()), existsSync: vi.fn() }));
afterEach(() => vi.restoreAllMocks());

/** The system answers so when it is told to load a library. */
function answer(message: string) {
  return vi.spyOn(process, 'dlopen').mockImplementation(() => {
    throw new Error(message);
  });
}

it('says how to install the CUDA provider', () => {
  vi.mocked(existsSync).mockReturnValue(false);
  expect(whyNoCuda()).toMatch(
    /^its library is not installed \(node .*install\.js --onnxruntime-node-install downloads it\)$/,
  );
});

it('names the library that the CUDA provider needs', () => {
  vi.mocked(existsSync).mockReturnValue(true);
  const load = answer('libcublasLt.so.13: cannot open shared object file: No such file or directory');
  expect(whyNoCuda()).toContain('libcublasLt.so.13: cannot open shared object file');
  expect(load.mock.lastCall?.[1]).toMatch(/libonnxruntime_providers_cuda\.so$/);
});

it('knows no reason if the system can load it', () => {
  vi.mocked(existsSync).mockReturnValue(true);
  answer("Module did not self-register: 'x.so'.");
  expect(whyNoCuda()).toBeNull();
  expect(whyNoVulkan()).toBeNull();
});

it.runIf(process.platform === 'linux')('misses Vulkan where its loader is not installed', () => {
  answer('libvulkan.so.1: cannot open shared object file: No such file or directory');
  expect(whyNoVulkan()).toMatch(/^libvulkan\.so\.1: cannot open .* \(install Vulkan/);
});
