import protobuf from 'protobufjs';

/** Turns messages of one type into bytes and back. */
export interface MessageCodec<Message> {
  /** Fields that are left out are not written, nor are zeros that are not part of a `oneof`. */
  encode(message: Message): Uint8Array;
  /** Fields that were not written are left out. 64-bit integers become numbers. */
  decode(bytes: Uint8Array): Message;
}

/**
 * The codec of the message type `name` in a schema in the protocol buffer language, whose `snake_case` fields are
 * `camelCase` here.
 */
export function messageCodec<Message extends object>(schema: string, name: string): MessageCodec<Message> {
  const type = protobuf.parse(schema).root.lookupType(name);
  return {
    encode: (message) => type.encode(message).finish(),
    decode: (bytes) => type.toObject(type.decode(bytes), { longs: Number }) as Message,
  };
}
