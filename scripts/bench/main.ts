import { outliveConsole } from '../../src/console.js';
import { UserError } from '../../src/errors.js';
import { benchAlgorithms } from './algorithms.js';
import { type Comparison, comparisonTable } from './comparison.js';
import { benchData } from './data.js';
import { benchEnv } from './env.js';
import { benchFidelity } from './fidelity.js';
import { benchFormats } from './formats.js';
import { benchLogging } from './logging.js';
import { benchMemory } from './memory.js';
import { benchRender } from './render.js';
import { benchTrain } from './train.js';
import { benchUpdate } from './update.js';
import { benchVideo } from './video.js';

type Bench = (args: string[]) => Promise<Comparison[]>;

/** Each benchmark with the arguments that make it short, for a check that it still runs. */
const BENCHES: Record<string, { run: Bench; smoke: string[] }> = {
  // First, because the others leave memory behind that is used again.
  memory: { run: comparingNothing(benchMemory), smoke: ['--capacity', '50000'] },
  update: { run: benchUpdate, smoke: ['--rounds', '1'] },
  algorithms: { run: benchAlgorithms, smoke: ['--rounds', '1', '--only', 'bc,iql'] },
  env: { run: benchEnv, smoke: ['--seconds', '0.2', '--rounds', '2'] },
  train: { run: benchTrain, smoke: ['--seconds', '0.5', '--rounds', '1', '--episodes', '20'] },
  data: { run: benchData, smoke: ['--episodes', '20', '--rounds', '1'] },
  formats: { run: benchFormats, smoke: ['--steps', '1000', '--rounds', '1'] },
  render: { run: benchRender, smoke: ['--seconds', '0.2', '--rounds', '2'] },
  fidelity: { run: comparingNothing(benchFidelity), smoke: [] },
  logging: { run: comparingNothing(benchLogging), smoke: ['--lines', '3', '--rounds', '1'] },
  video: { run: benchVideo, smoke: ['--rounds', '1', '--steps', '5'] },
};

outliveConsole();
const words = process.argv.slice(2);
const smoke = words.includes('--smoke');
const first = words[0] ?? '';
const name = first.startsWith('-') ? '' : first;
const names = name === '' ? Object.keys(BENCHES) : [name];
const rest = words.slice(name === '' ? 0 : 1).filter((word) => word !== '--smoke');

if (names.some((candidate) => !(candidate in BENCHES))) {
  console.error(`error: no benchmark "${name}"; there are: ${Object.keys(BENCHES).join(', ')}`);
  process.exit(1);
}
try {
  const comparisons: Comparison[] = [];
  for (const candidate of names) {
    console.log(`\n${candidate}`);
    const { run, smoke: short } = BENCHES[candidate];
    comparisons.push(...(await run([...rest, ...(smoke ? short : [])])));
  }
  if (names.length > 1) console.log(`\nall together\n${comparisonTable(comparisons)}`);
} catch (error) {
  if (!(error instanceof UserError) && !isWrongOption(error)) throw error;
  console.error(`error: ${(error as Error).message}`);
  process.exit(1);
}

/** True for what `parseArgs` says of words that it can't understand. */
function isWrongOption(error: unknown): boolean {
  return String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS');
}

/** Makes a benchmark of figures that have neither floor nor peer. */
function comparingNothing(bench: (args: string[]) => Promise<void>): Bench {
  return async (args) => {
    await bench(args);
    return [];
  };
}
