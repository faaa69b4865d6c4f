import { closeSync, openSync, writeSync } from 'node:fs';
import { tfrecordFrame } from '../../tfrecord_frame.js';
import { eventCodec, type TensorBoardEvent } from './schema.js';

/** An open event file. Every event is on its way to the disk when `write` returns. */
export interface EventFile {
  write(event: TensorBoardEvent): void;
  close(): void;
}

/** Creates an event file with the mark of its format, written at `wallTime`. Throws if `path` exists. */
export function createEventFile(path: string, wallTime: number): EventFile {
  const file = openSync(path, 'wx');
  const write = (event: TensorBoardEvent) => writeSync(file, tfrecordFrame(eventCodec.encode(event)));
  write({ wallTime, fileVersion: 'brain.Event:2' });
  return { write, close: () => closeSync(file) };
}
