import { crc32, deflateRawSync } from 'node:zlib';

/** A file in a zip archive. Fields that are left out are as in an honest archive. */
export interface ZipMember {
  name: string;
  data?: Buffer | string;
  /** Unix file type and permissions. */
  mode?: number;
  /** Size and checksum of the content that the archive declares. */
  declaredSize?: number;
  checksum?: number;
  encrypted?: boolean;
}

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_OF_DIRECTORY = 0x06054b50;
const DEFLATE = 8;
const UNIX = 3 << 8;
const UTF8_NAMES = 1 << 11;

/** The bytes of a zip archive (APPNOTE.TXT, section 4.3), also of one that no packer would write. */
export function zipArchive(members: readonly ZipMember[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const member of members) {
    const { name, data = '', mode = 0o100644, encrypted = false } = member;
    const content = Buffer.from(data);
    const packed = deflateRawSync(content);
    const nameBytes = Buffer.from(name);
    // Flags, method, time and date, checksum, sizes, length of the name, no extra field: the same in both headers.
    const common = Buffer.alloc(24);
    common.writeUInt16LE(UTF8_NAMES | (encrypted ? 1 : 0), 0);
    common.writeUInt16LE(DEFLATE, 2);
    common.writeUInt32LE(member.checksum ?? crc32(content), 8);
    common.writeUInt32LE(packed.length, 12);
    common.writeUInt32LE(member.declaredSize ?? content.length, 16);
    common.writeUInt16LE(nameBytes.length, 20);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE((mode << 16) >>> 0, 6);
    rest.writeUInt32LE(offset, 10);
    directory.push(uint32(CENTRAL_HEADER), uint16(UNIX | 20), uint16(20), common, rest, nameBytes);
    const local = Buffer.concat([uint32(LOCAL_HEADER), uint16(20), common, nameBytes, packed]);
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(members.length, 4);
  end.writeUInt16LE(members.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, central, uint32(END_OF_DIRECTORY), end]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
