import { open } from 'node:fs/promises';
import type { Group } from 'h5wasm/node';

/**
 * h5py, and with it ManiSkill, stores bool as an enum FALSE = 0, TRUE = 1 over int8. The HDF5 build at hand can't make
 * enums. So flags are first written as a record with a single int8 field, whose type description is recognised
 * afterwards by the field's name and replaced in place by the enum's, which is shorter and describes the same bytes.
 *
 * This works on the oldest file layout (`libver` earliest), whose headers carry no checksum. Byte layouts: HDF5 File
 * Format Specification 3.0, IV.A.2.d "The Datatype Message".
 */
const FIELD_NAME = 'rlpd:bool:over:int8';

const INT8 = [0x10, 0x08, 0, 0, 1, 0, 0, 0, 0, 0, 8, 0];
// Class 6 (compound), version 1, one member, 1 byte; the member's name follows.
const RECORD_START = Buffer.concat([
  Buffer.from([0x16, 1, 0, 0, 1, 0, 0, 0]),
  Buffer.from(FIELD_NAME.padEnd(24, '\0')),
]);
const RECORD_SIZE = RECORD_START.length + 32 + INT8.length;
// Class 8 (enumeration), version 1, two members, 1 byte: base type, names, values.
const BOOL = Buffer.concat([
  Buffer.from([0x18, 2, 0, 0, 1, 0, 0, 0, ...INT8]),
  Buffer.from('FALSE\0\0\0TRUE\0\0\0\0'),
  Buffer.from([0, 1]),
]);
const REPLACEMENT = Buffer.concat([BOOL, Buffer.alloc(RECORD_SIZE - BOOL.length)]);

/** Adds a dataset of flags that {@link convertFlagsToBool} will turn into bool once the file is closed. */
export function createFlags(
  group: Group,
  name: string,
  flags: Uint8Array,
  shape: readonly number[] = [flags.length],
  layout: object = {},
): void {
  group.create_dataset({ name, data: flagValues(flags), dtype: flagDtype(), shape: [...shape], ...layout });
}

/** The type of flags as they are first written, and their values in its form. */
export function flagDtype(): [string, string][] {
  return [[FIELD_NAME, '<b']];
}

export function flagValues(flags: Uint8Array): Map<string, Int8Array> {
  return new Map([[FIELD_NAME, Int8Array.from(flags)]]);
}

/** Turns the flags of a closed file into bool and returns how many datasets there were. */
export async function convertFlagsToBool(path: string): Promise<number> {
  const file = await open(path, 'r+');
  try {
    const window = Buffer.alloc(1 << 22);
    const overlap = RECORD_START.length - 1;
    let count = 0;
    for (let start = 0; ; start += window.length - overlap) {
      const { bytesRead } = await file.read(window, 0, window.length, start);
      if (bytesRead <= overlap) return count;
      const bytes = window.subarray(0, bytesRead);
      for (let at = bytes.indexOf(RECORD_START); at >= 0; at = bytes.indexOf(RECORD_START, at + 1)) {
        await file.write(REPLACEMENT, 0, REPLACEMENT.length, start + at);
        count++;
      }
    }
  } finally {
    await file.close();
  }
}
