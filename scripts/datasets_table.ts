import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WRITABLE_FORMATS } from '../src/datasets/registry.js';
import { lossesOf, roundTrip, SOURCES } from './round_trips.js';

const PAGE = 'docs/datasets.md';
const [BEGIN, END] = ['<!-- round trips, by npm run docs -- datasets -->', '<!-- end of round trips -->'];

/** Reasons for which a format doesn't take a dataset, by what the refusal says. */
const REFUSALS: readonly (readonly [RegExp, string])[] = [
  [/env_info/, "only what was ManiSkill's before"],
  [/has no rewards/, 'not without rewards and success'],
  [/holds (pictures|texts)/, 'not with pictures or texts beside other columns'],
];

/** Writes the table of what is lost on the way to another format and back. */
export async function writeDatasetsPage(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'rlpd-docs-'));
  try {
    const page = readFileSync(PAGE, 'utf8');
    const [before, after] = [page.split(BEGIN)[0], page.split(END)[1]];
    writeFileSync(PAGE, `${before}${BEGIN}\n\n${await roundTripTable(folder)}\n\n${END}${after}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Table of all pairs of formats: what datasets of the one have lost when they come back from the other. */
export async function roundTripTable(folder: string): Promise<string> {
  const formats = Object.keys(SOURCES);
  const names = formats.map((format) => WRITABLE_FORMATS.get(format)!.name);
  const lines = [`| From | ${names.map((name) => `by ${name} and back`).join(' | ')} |`];
  lines.push(`| --- |${' --- |'.repeat(formats.length)}`);
  for (const [i, from] of formats.entries()) {
    const cells: string[] = [];
    for (const to of formats) cells.push(await cellOf(from, to, join(folder, `${from}-${to}`)));
    lines.push(`| ${names[i]} | ${cells.join(' | ')} |`);
  }
  return lines.join('\n');
}

async function cellOf(from: string, to: string, folder: string): Promise<string> {
  const losses = new Set<string>();
  const refusals = new Set<string>();
  let taken = 0;
  for (const [index, path] of SOURCES[from].paths.entries()) {
    const trip = await roundTrip(path, from, to, join(folder, String(index)));
    if (typeof trip === 'string') {
      refusals.add(REFUSALS.find(([pattern]) => pattern.test(trip))?.[1] ?? trip);
    } else {
      taken++;
      for (const loss of lossesOf(trip.found)) losses.add(loss);
    }
  }
  const lost = losses.size > 0 ? `lost: ${[...losses].join(', ')}` : 'nothing lost';
  return [...(taken > 0 ? [lost] : []), ...refusals].join('; ');
}
