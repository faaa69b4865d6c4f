import type { ColumnMetaData, DecodedArray, SchemaElement, SchemaTree } from 'hyparquet';
import { UserError } from '../../errors.js';
import { type Column, isNumberType, type NumberType, newNumbers } from '../column.js';
import { type Layout, layOut, type PageLevels } from './parquet_levels.js';
import { loadParquet } from './parquet_library.js';
import { PageValues } from './parquet_values.js';
import type { StoredColumn } from './table.js';

/** A column that is no structure: the nodes of a file's schema that it is in, the root first, and its own. */
export type LeafColumn = readonly SchemaTree[];

/** The column in the bytes of a column chunk. Throws an Error if they are damaged, a UserError if it can't be read here. */
export async function readPages(
  bytes: ArrayBuffer,
  leaf: LeafColumn,
  chunk: ColumnMetaData,
): Promise<StoredColumn> {
  const { element } = leaf.at(-1)!;
  const count = (type: string) => leaf.filter((node) => node.element.repetition_type === type).length;
  const depth = count('REPEATED');
  const dtype = typeOf(element);
  if (dtype === null || (depth > 0 && !isNumberType(dtype))) {
    const type = dtype ?? element.logical_type?.type ?? element.converted_type ?? element.type;
    throw new UserError(`it holds ${depth > 0 ? 'lists of ' : ''}${type}; expected numbers, texts or bytes`);
  }
  const { values, levels } = await decodePages(bytes, leaf, chunk);
  const layout = layOut(levels, depth + count('OPTIONAL'), depth);
  return { column: columnOf(dtype, layout, values), empty: layout.empty.map(({ row }) => row) };
}

function typeOf({
  type,
  converted_type,
  logical_type,
}: SchemaElement): NumberType | 'string' | 'bytes' | null {
  const integers = /^(U?)INT_(8|16|32|64)$/.exec(converted_type ?? '');
  if (integers && (type === 'INT32' || type === 'INT64'))
    return `${integers[1] ? 'uint' : 'int'}${integers[2]}` as NumberType;
  if (converted_type === 'UTF8' || logical_type?.type === 'STRING') return 'string';
  // Times, dates and decimals are stored as numbers, but are none.
  if (converted_type !== undefined || logical_type !== undefined) return null;
  return PLAIN_TYPES[type ?? ''] ?? null;
}

const PLAIN_TYPES: Readonly<Record<string, NumberType | 'bytes'>> = {
  BOOLEAN: 'bool',
  INT32: 'int32',
  INT64: 'int64',
  FLOAT: 'float32',
  DOUBLE: 'float64',
  BYTE_ARRAY: 'bytes',
};

/** Values and levels of a column chunk, page by page. */
async function decodePages(
  bytes: ArrayBuffer,
  leaf: LeafColumn,
  chunk: ColumnMetaData,
): Promise<{ values: DecodedArray[]; levels: PageLevels[] }> {
  const library = await loadParquet();
  const { parsers, compressors } = library;
  const { element } = leaf.at(-1)!;
  const { type, codec, path_in_schema: pathInSchema } = chunk;
  const decoder = {
    pathInSchema,
    type,
    element,
    schemaPath: [...leaf],
    codec,
    parsers,
    compressors,
    utf8: false,
  };
  const total = Number(chunk.num_values);
  const reader = { view: new DataView(bytes), offset: 0 };
  const values: DecodedArray[] = [];
  const levels: PageLevels[] = [];
  let dictionary: DecodedArray | undefined;
  for (let read = 0; read < total; ) {
    const header = library.parquetHeader(reader);
    const { uncompressed_page_size: size, data_page_header: first, data_page_header_v2: second } = header;
    const stored = header.compressed_page_size;
    // A damaged size would be allocated, or lead nowhere, before the damage shows.
    if (!(size >= 0 && size <= Number(chunk.total_uncompressed_size) && stored >= 0)) {
      throw new Error(`a page of ${size} bytes, ${stored} as stored`);
    }
    const page = new Uint8Array(bytes, reader.offset, stored);
    reader.offset += stored;
    const whole = () => library.decompressPage(page, size, codec, compressors);
    const data = first ?? second;
    if (data) {
      read += data.num_values;
      if (!(data.num_values > 0 && read <= total)) throw new Error(`${read} values instead of ${total}`);
      const decoded = first
        ? library.readDataPage(whole(), first, decoder)
        : library.readDataPageV2(page, header, decoder);
      values.push(library.convertWithDictionary(decoded.dataPage, dictionary, data.encoding, decoder));
      levels.push({
        count: data.num_values,
        defined: decoded.definitionLevels ?? [],
        repeated: decoded.repetitionLevels,
      });
    } else if (header.dictionary_page_header) {
      const { buffer, byteOffset, byteLength } = whole();
      const plain = { view: new DataView(buffer, byteOffset, byteLength), offset: 0 };
      const count = header.dictionary_page_header.num_values;
      dictionary = library.convert(library.readPlain(plain, type, count, element.type_length), decoder);
    }
  }
  return { values, levels };
}

/** The column of values that stand one after another in pages. Rows that are empty get zeros, an empty text or no bytes. */
function columnOf(
  dtype: NumberType | 'string' | 'bytes',
  { shape, empty }: Layout,
  pages: readonly DecodedArray[],
): Column {
  const [rows, ...lists] = shape;
  const width = lists.reduce((product, size) => product * size, 1);
  const data = isNumberType(dtype)
    ? newNumbers(dtype, rows * width)
    : new Array<unknown>(rows).fill(dtype === 'string' ? '' : new Uint8Array());
  const values = new PageValues(pages);
  let row = 0;
  const copy = (end: number) => {
    values.copy((end - row) * width, data, row * width);
    row = end;
  };
  for (const gap of empty) {
    copy(gap.row);
    values.skip(gap.values);
    row++;
  }
  copy(rows);
  return { dtype, shape, data } as Column;
}
