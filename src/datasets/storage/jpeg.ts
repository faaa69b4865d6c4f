import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/** A picture's numbers [height, width, channels], flat. */
export interface Picture {
  height: number;
  width: number;
  data: Uint8Array;
}

type Decode = typeof import('@jsquash/jpeg/decode.js').default;

/** The decoder, loaded at its first use. */
let loading: Promise<Decode> | undefined;

/**
 * Decodes a JPEG to the first `channels` of red, green and blue; of a grey one each is the grey. The numbers are those that
 * Pillow gives. Throws an Error if bytes are missing or damaged.
 */
export async function decodeJpeg(bytes: Uint8Array, channels: 1 | 3): Promise<Picture> {
  loading ??= loadDecoder();
  const decode = await loading;
  const whole = withoutPadding(bytes);
  // The decoder takes the rest of a picture that was cut off for grey.
  if (whole.at(-2) !== 0xff || whole.at(-1) !== 0xd9) throw new Error('it is cut off');
  const {
    width,
    height,
    data: rgba,
  } = await decode(new Uint8Array(whole).buffer).catch(() => {
    throw new Error('it is damaged');
  });
  const data = new Uint8Array(width * height * channels);
  for (let i = 0; i < data.length; i++) data[i] = rgba[4 * Math.floor(i / channels) + (i % channels)];
  return { height, width, data };
}

async function loadDecoder(): Promise<Decode> {
  const { default: decode, init } = await import('@jsquash/jpeg/decode.js');
  // The decoder returns its result in this class, which only browsers have.
  globalThis.ImageData ??= RawImage as unknown as typeof ImageData;
  const wasm = createRequire(import.meta.url).resolve('@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm');
  const wasmBinary = new Uint8Array(await readFile(wasm)).buffer;
  await init({ wasmBinary, printErr() {} });
  return decode;
}

class RawImage {
  constructor(
    readonly data: Uint8ClampedArray,
    readonly width: number,
    readonly height: number,
  ) {}
}

/** Pictures in rows of one length are padded with zeros. */
function withoutPadding(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return bytes.subarray(0, end);
}
