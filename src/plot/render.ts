import { createRequire } from 'node:module';
import { createCanvas, GlobalFonts } from '@napi-rs/canvas';
import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';

/** PNG pixels per unit of length, for sharp text on today's screens. */
const PNG_SCALE = 2;

/** The font of a PNG: a server may have none, so it comes along. */
export const PNG_FONT = 'Roboto Mono';
/** The font of an SVG is the reader's. */
export const SVG_FONT = 'sans-serif';

/** Draws a figure as the text of an SVG file. */
export function renderSvg(spec: TopLevelSpec): Promise<string> {
  return viewOf(spec).toSVG();
}

/** Draws a figure as a PNG file of twice the figure's size. */
export async function renderPng(spec: TopLevelSpec): Promise<Buffer> {
  const file = createRequire(import.meta.url).resolve(
    '@fontsource/roboto-mono/files/roboto-mono-latin-400-normal.woff2',
  );
  GlobalFonts.registerFromPath(file, PNG_FONT);
  const [width, height] = sizeOf(await renderSvg(spec));
  const canvas = createCanvas(PNG_SCALE * width, PNG_SCALE * height);
  await viewOf(spec).toCanvas(PNG_SCALE, { externalContext: canvas.getContext('2d') });
  return canvas.encode('png');
}

function viewOf(spec: TopLevelSpec): View {
  return new View(parse(compile(spec).spec), { renderer: 'none' });
}

/** Width and height of a picture, which are known when it is laid out. */
function sizeOf(svg: string): [number, number] {
  const [, width, height] = /width="([\d.]+)" height="([\d.]+)"/.exec(svg)!;
  return [Math.ceil(Number(width)), Math.ceil(Number(height))];
}
