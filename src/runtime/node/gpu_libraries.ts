import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * The reason why ONNX Runtime could not load its CUDA provider, which its own message lacks; null if the reason is not
 * known. The provider is not part of the npm package, and needs CUDA and cuDNN of the versions that it was built for.
 */
export function whyNoCuda(): string | null {
  const runtime = dirname(dirname(createRequire(import.meta.url).resolve('onnxruntime-node')));
  const folder = join(runtime, 'bin', 'napi-v6', process.platform, process.arch);
  const library = join(folder, 'libonnxruntime_providers_cuda.so');
  if (!existsSync(library)) {
    const script = join(runtime, 'script', 'install.js');
    return `its library is not installed (node ${script} --onnxruntime-node-install downloads it)`;
  }
  const problem = whyNotLoaded(library);
  return problem && `${problem} (CUDA and cuDNN must be on the library path)`;
}

/**
 * The reason why WebGPU can't reach a graphics card, if it is the lack of Vulkan; null otherwise. WebGPU itself would
 * print it on the terminal.
 */
export function whyNoVulkan(): string | null {
  if (process.platform !== 'linux') return null;
  const problem = whyNotLoaded('libvulkan.so.1');
  return problem && `${problem} (install Vulkan and the card's driver for it)`;
}

/** The system's message when it can't load a library; null if it can. Loading runs the library's own start-up code. */
function whyNotLoaded(library: string): string | null {
  try {
    process.dlopen({ exports: {} }, library);
  } catch (error) {
    const { message } = error as Error;
    // Node takes only its own kind of library, but complains of that after loading it.
    if (!message.includes('did not self-register')) return message;
  }
  return null;
}
