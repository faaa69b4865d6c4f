/**
 * A format of one's own: files `.walk.csv` with a position and a push in each line, and an empty line after each episode. Once it
 * is registered, everything that takes a dataset takes such files: `rlpd train`, `data info`, `data verify`, `data convert`.
 *
 * Run it in a folder in which rlpd is installed: npx tsc && node own_format.js
 * The command knows it too: NODE_OPTIONS='--import ./own_format.js' npx rlpd data info cart.walk.csv
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { arrayDataset, registerFormat, verifyDataset } from 'rlpd/datasets';

function read(path: string) {
  const blocks = readFileSync(path, 'utf8').trim().split('\n\n');
  const episodes = blocks.map((block) => {
    const rows = block.split('\n').map((line) => line.split(',').map(Number));
    const observations = rows.map(([position]) => [position]);
    const actions = rows.slice(0, -1).map(([, push]) => [push]);
    return { observations, actions, rewards: observations.slice(1).map(([position]) => -Math.abs(position)) };
  });
  return arrayDataset(episodes, { name: path });
}

registerFormat({
  name: 'walks',
  given: 'a .walk.csv file',
  detect: async (path) => path.endsWith('.walk.csv'),
  open: async (path) => read(path),
  files: (path) => new Map([['csv', path]]),
});

writeFileSync('cart.walk.csv', '0.5,-0.2\n0.3,-0.3\n0,0\n\n-1,0.9\n-0.1,0\n');
const { episodes, steps, fileProblems } = await verifyDataset('cart.walk.csv');
console.log(`${episodes} episodes, ${steps} steps, ${fileProblems.length} problems`);
