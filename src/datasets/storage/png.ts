/** A picture's numbers [height, width, channels], flat. */
export interface PngPicture {
  height: number;
  width: number;
  data: Uint8Array | Uint16Array;
}

type Library = typeof import('fast-png');

/** The library, loaded at its first use. */
let loading: Promise<Library> | undefined;
let library: Library | undefined;

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47];

export function isPng(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, i) => bytes[i] === byte);
}

/** Height and width of a PNG, without decoding it. Throws an Error if it is cut off before they are told. */
export function pngSize(bytes: Uint8Array): { height: number; width: number } {
  if (bytes.length < 24) throw new Error('it is cut off');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

/**
 * Decodes a PNG to the first `channels` of red, green and blue; of a grey one each is the grey. Pictures of 16 bits keep them. Throws an
 * Error if bytes are missing or damaged.
 */
export async function decodePng(bytes: Uint8Array, channels: number): Promise<PngPicture> {
  loading ??= import('fast-png');
  const { decode, convertIndexedToRgb } = await loading;
  const picture = decode(bytes, { checkCrc: true });
  const { width, height, palette } = picture;
  const stored = palette ? convertIndexedToRgb(picture) : picture.data;
  const storedChannels = palette ? palette[0].length : picture.channels;
  const colours = storedChannels >= 3 ? 3 : 1;
  const Numbers = stored instanceof Uint16Array ? Uint16Array : Uint8Array;
  const data = new Numbers(width * height * channels);
  for (let i = 0; i < data.length; i++) {
    const channel = Math.min(i % channels, colours - 1);
    data[i] = stored[Math.floor(i / channels) * storedChannels + channel];
  }
  return { height, width, data };
}

/** Loads the library, before pictures are encoded. */
export async function loadPng(): Promise<void> {
  loading ??= import('fast-png');
  library = await loading;
}

/** A picture as a PNG, of 8 or 16 bits. Call {@link loadPng} before. */
export function encodePng({ height, width, data }: PngPicture, channels: number): Uint8Array {
  const depth = data instanceof Uint16Array ? 16 : 8;
  return library!.encode({ width, height, data, channels, depth });
}
