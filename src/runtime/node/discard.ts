import { MessageChannel } from 'node:worker_threads';

/** The least bytes of an array to free; smaller ones are left to the garbage collector. */
const WORTH_BYTES = 32_768;

/** A port whose other end is closed: a message to it is dropped, and memory transferred with it is freed at once. */
let sink: MessageChannel['port1'] | undefined;

/**
 * Frees the memory of large arrays that nobody needs, which can't be used afterwards. Left to the garbage collector,
 * the megabytes of each update would keep it busy, and fresh memory costs more to get than memory that was just freed.
 */
export function discard(arrays: readonly Float32Array[]): void {
  const buffers = arrays.filter((array) => array.byteLength >= WORTH_BYTES).map(({ buffer }) => buffer);
  if (buffers.length === 0) return;
  if (!sink) {
    const { port1, port2 } = new MessageChannel();
    port2.close();
    port1.unref();
    sink = port1;
  }
  sink.postMessage(null, buffers as ArrayBuffer[]);
}
