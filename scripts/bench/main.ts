import { benchEnv } from './env.js';
import { benchFidelity } from './fidelity.js';
import { benchLogging } from './logging.js';
import { benchMemory } from './memory.js';
import { benchRender } from './render.js';
import { benchUpdate } from './update.js';
import { benchVideo } from './video.js';

/** Each benchmark with the arguments that make it short, for a check that it still runs. */
const BENCHES: Record<string, { run(args: string[]): Promise<void>; smoke: string[] }> = {
  update: { run: benchUpdate, smoke: ['--rounds', '2'] },
  env: { run: benchEnv, smoke: ['--seconds', '0.2'] },
  fidelity: { run: benchFidelity, smoke: [] },
  logging: { run: benchLogging, smoke: ['--lines', '3', '--rounds', '1'] },
  render: { run: benchRender, smoke: ['--seconds', '0.2', '--rounds', '2'] },
  memory: { run: benchMemory, smoke: ['--capacity', '50000'] },
  video: { run: benchVideo, smoke: ['--rounds', '1', '--steps', '5'] },
};

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
for (const candidate of names) {
  console.log(`\n${candidate}`);
  await BENCHES[candidate].run([...rest, ...(smoke ? BENCHES[candidate].smoke : [])]);
}
