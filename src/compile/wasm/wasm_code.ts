/** The few instructions of WebAssembly (core specification 2.0, with 128-bit vectors) that kernels are made of. */
export const OP = {
  loop: [0x03, 0x40],
  end: [0x0b],
  branchIf: [0x0d],
  localGet: [0x20],
  localSet: [0x21],
  localTee: [0x22],
  i32Const: [0x41],
  f32Const: [0x43],
  i32LessUnsigned: [0x49],
  i32Add: [0x6a],
  f32Add: [0x92],
  vectorLoad: [0xfd, 0x00],
  vectorStore: [0xfd, 0x0b],
  splat: [0xfd, 0x13],
  extractLane: [0xfd, 0x1f],
  abs: [0xfd, 0xe0, 0x01],
  neg: [0xfd, 0xe1, 0x01],
  sqrt: [0xfd, 0xe3, 0x01],
  add: [0xfd, 0xe4, 0x01],
  sub: [0xfd, 0xe5, 0x01],
  mul: [0xfd, 0xe6, 0x01],
  div: [0xfd, 0xe7, 0x01],
  min: [0xfd, 0xe8, 0x01],
  max: [0xfd, 0xe9, 0x01],
} as const;

export const TYPE = { i32: 0x7f, f32: 0x7d, vector: 0x7b } as const;

type ValueType = keyof typeof TYPE;

/** A module with one function, `run`, on the memory that it imports as `memory.memory`. */
export interface WasmFunction {
  parameters: readonly ValueType[];
  results: readonly ValueType[];
  locals: readonly ValueType[];
  body: readonly number[];
}

/** An unsigned number in LEB128. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return [...bytes, rest];
    bytes.push((rest & 0x7f) | 0x80);
  }
}

/** The four bytes of a float32, as `f32.const` takes them. */
export function float32(value: number): number[] {
  return [...new Uint8Array(Float32Array.of(value).buffer)];
}

/** The bytes of the module. */
export function writeModule({ parameters, results, locals, body }: WasmFunction): Uint8Array<ArrayBuffer> {
  const types = (list: readonly ValueType[]) => vector(list.map((type) => [TYPE[type]]));
  const memory = [...text('memory'), ...text('memory'), 0x02, 0x00, ...unsigned(0)];
  const localGroups = vector(locals.map((type) => [1, TYPE[type]]));
  const code = [...localGroups, ...body, ...OP.end];
  const sections = [
    section(1, vector([[0x60, ...types(parameters), ...types(results)]])),
    section(2, vector([memory])),
    section(3, vector([unsigned(0)])),
    section(7, vector([[...text('run'), 0x00, ...unsigned(0)]])),
    section(10, vector([[...unsigned(code.length), ...code]])),
  ];
  return Uint8Array.from([0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...sections.flat()]);
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

function vector(items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function text(value: string): number[] {
  const bytes = [...new TextEncoder().encode(value)];
  return [...unsigned(bytes.length), ...bytes];
}
