/**
 * An algorithm of one's own: SAC whose critics learn by the Huber loss instead of squared errors, trained for a short while
 * by a loop of one's own. docs/declaring_algorithms.md tells how one is declared from the ground up.
 *
 * Run it in a folder in which rlpd is installed: npx tsc && node own_algorithm.js
 */
import {
  ALGORITHMS,
  allocateBatches,
  changeStep,
  createLearner,
  createVectorEnvironment,
  evaluate,
  extend,
  ReplayBuffer,
  SymmetricSampler,
  tf,
} from 'rlpd';

const huberSac = extend(ALGORITHMS.sac, {
  name: 'huber_sac',
  paper: 'Huber 1964',
  declare: (declaration) =>
    changeStep(declaration, 'critic', (_scope, { values: { criticQ, targetQ } }) => {
      const error = tf.abs(tf.sub(criticQ, targetQ));
      const quadratic = tf.minimum(error, 0.5);
      return { loss: tf.mean(tf.add(tf.square(quadratic), tf.sub(error, quadratic))) };
    }),
});

const task = { envId: 'PushCube-v1', controlMode: 'pd_ee_delta_pos', rewardMode: 'dense' } as const;
const choices = { numEnvs: 8, numWorkers: 0, seed: 1, ignoreTerminations: true };
const environments = await createVectorEnvironment({ ...task, ...choices });
const { observationDim, actionDim } = environments.spec;
const sizes = { observationDim, actionDim, batchSize: 64 };
const layers = { actorFeatures: [64, 64], criticFeatures: [64, 64] };
const agent = await createLearner(huberSac, layers, sizes, { seed: 1 });
const replay = new ReplayBuffer({ capacity: 100_000, numEnvs: 8, observationDim, actionDim });
const sources = { online: replay, demos: null, augmentation: null };
const sampler = new SymmetricSampler({ ...sources, discount: 0.8, nSteps: 1, seed: 1 });
const batches = allocateBatches(8, 64, 0, observationDim, actionDim);
const actions = new Float32Array(8 * actionDim);
const { rewards, nextObservations, terminated, truncated } = environments;

await environments.reset();
for (let step = 1; step <= 400; step++) {
  const observations = environments.observations.slice();
  await agent.act(observations, actions, 'sample');
  await environments.step(actions);
  replay.add({ observations, actions, rewards, nextObservations, terminated, truncated });
  sampler.fill(batches);
  const metrics = await agent.update(batches);
  if (step % 100 === 0) console.log(`step ${step}: critic_loss ${metrics['critic_loss'].toFixed(4)}`);
}
const { summary } = await evaluate(agent, environments, { episodes: 16, seed: 1000 });
console.log(`return ${summary.return.mean.toFixed(2)}, of random actions 11`);
await agent.dispose();
await environments.close();
