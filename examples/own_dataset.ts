/**
 * A dataset of one's own: arrays in memory, from which an agent learns offline. Somebody has pushed a cart along a rail at
 * random; implicit Q-learning finds in that how to bring it to the middle, without another try. `openDataset` of
 * `rlpd/datasets` gives the same for files.
 *
 * Run it in a folder in which rlpd is installed: npx tsc && node own_dataset.js
 */
import { ALGORITHMS, allocateBatches, createLearner, loadTransitions, SymmetricSampler } from 'rlpd';
import { arrayDataset } from 'rlpd/datasets';
import { RandomStream } from 'rlpd/envs';

const STEPS = 20;
const random = new RandomStream(1);

/** One step of the cart: its position and speed after a push between −1 and 1. */
function push([position, speed]: readonly number[], force: number): [number, number] {
  const faster = 0.8 * speed + 0.1 * force;
  return [position + faster, faster];
}

/** An episode from a position, in which `choose` pushes: one observation more than actions, and the rewards. */
async function drive(start: number, choose: (cart: readonly number[]) => Promise<number>) {
  const observations = [[start, 0]];
  const [actions, rewards]: [number[][], number[]] = [[], []];
  for (let step = 0; step < STEPS; step++) {
    const action = await choose(observations[step]);
    const next = push(observations[step], action);
    observations.push(next);
    actions.push([action]);
    rewards.push(-Math.abs(next[0]));
  }
  return { observations, actions, rewards };
}

const atRandom = async () => random.uniform(-1, 1);
const episodes = await Promise.all(Array.from({ length: 300 }, () => drive(random.uniform(-1, 1), atRandom)));
const { buffer, observationDim, actionDim } = await loadTransitions(arrayDataset(episodes, { name: 'cart' }));

const sizes = { observationDim, actionDim, batchSize: 128 };
const options = { actorFeatures: [64, 64], criticFeatures: [64, 64], inverseTemperature: 10 };
const agent = await createLearner(ALGORITHMS.iql, options, sizes, { seed: 1 });
const sources = { online: null, demos: buffer, augmentation: null };
const sampler = new SymmetricSampler({ ...sources, discount: 0.9, nSteps: 1, seed: 1 });
const batches = allocateBatches(50, 128, 128, observationDim, actionDim);
const byAgent = async (cart: readonly number[]) => {
  const action = new Float32Array(1);
  await agent.act(Float32Array.from(cart), action, 'mode');
  return action[0];
};
for (let round = 0; round <= 40; round++) {
  if (round % 10 === 0) {
    const { rewards } = await drive(0.8, byAgent);
    console.log(`${round * 50} updates: return ${rewards.reduce((sum, reward) => sum + reward).toFixed(2)}`);
  }
  sampler.fill(batches);
  await agent.update(batches);
}
await agent.dispose();
