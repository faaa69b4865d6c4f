import { ByteReader } from './byte_reader.js';

/** A field of a protocol buffer: its number, and its value by its type on the wire. */
export type ProtobufField =
  | { number: number; wire: 'varint'; value: bigint }
  | { number: number; wire: 'fixed32' | 'fixed64' | 'bytes'; value: Uint8Array };

/** The fields of a protocol buffer, in their order. Throws an Error if it is damaged. Groups, which nobody writes, are refused. */
export function* protobufFields(message: Uint8Array): Generator<ProtobufField> {
  const reader = new ByteReader(message);
  while (reader.left > 0) {
    const tag = reader.varint();
    const number = Math.floor(tag / 8);
    switch (tag % 8) {
      case 0:
        yield { number, wire: 'varint', value: reader.varint64() };
        break;
      case 1:
        yield { number, wire: 'fixed64', value: reader.take(8) };
        break;
      case 2:
        yield { number, wire: 'bytes', value: reader.take(reader.varint()) };
        break;
      case 5:
        yield { number, wire: 'fixed32', value: reader.take(4) };
        break;
      default:
        throw new Error(`a field of type ${tag % 8}`);
    }
  }
}
