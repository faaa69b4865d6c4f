/**
 * A random agent, evaluated: how much reward a task gives to one who knows nothing.
 *
 * Run it in a folder in which rlpd is installed: npx tsc && node random_agent.js
 */
import { evaluate, type Policy } from 'rlpd';
import { makeEnvironment, RandomStream } from 'rlpd/envs';

const environment = await makeEnvironment('PushCube-v1', {
  controlMode: 'pd_joint_delta_pos',
  rewardMode: 'normalized_dense',
});

const random = new RandomStream(7);
const randomPolicy: Policy = (_observations, actions) => random.fillUniform(actions, -1, 1);

const { summary } = await evaluate(randomPolicy, environment, { episodes: 50, seed: 1 });
const { mean, median, std, min, max } = summary.return;
console.log(`return: mean ${mean.toFixed(2)}, median ${median.toFixed(2)}, std ${std.toFixed(2)},`);
console.log(`        min ${min.toFixed(2)}, max ${max.toFixed(2)}`);
console.log(`success at the end in ${summary.success_at_end * 100} % of ${summary.episodes} episodes`);
console.log(`length: ${summary.episode_len.mean} steps`);
environment.close();
