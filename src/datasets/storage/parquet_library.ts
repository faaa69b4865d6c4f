import type { Compressors } from 'hyparquet';

/** The parts of the library that decode pages, and the codecs for what pages are compressed with. */
export type ParquetLibrary = Awaited<ReturnType<typeof load>>;

/** The library, loaded at its first use. */
let loading: Promise<ParquetLibrary> | undefined;

export function loadParquet(): Promise<ParquetLibrary> {
  loading ??= load();
  return loading;
}

async function load() {
  const [file, column, page, plain, conversion, codecs] = await Promise.all([
    import('hyparquet'),
    import('hyparquet/src/column.js'),
    import('hyparquet/src/datapage.js'),
    import('hyparquet/src/plain.js'),
    import('hyparquet/src/convert.js'),
    import('hyparquet-compressors'),
  ]);
  return {
    parquetMetadataAsync: file.parquetMetadataAsync,
    parquetSchema: file.parquetSchema,
    parquetHeader: column.parquetHeader,
    readDataPage: page.readDataPage,
    readDataPageV2: page.readDataPageV2,
    decompressPage: page.decompressPage,
    readPlain: plain.readPlain,
    convert: conversion.convert,
    convertWithDictionary: conversion.convertWithDictionary,
    parsers: conversion.DEFAULT_PARSERS,
    compressors: codecs.compressors as Compressors,
  };
}
