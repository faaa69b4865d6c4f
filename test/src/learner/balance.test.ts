import { expect, it } from 'vitest';
import { adam, batch, ensemble, single, train } from '../../../src/learner/declare.js';
import { densityRatio } from '../../../src/learner/density_ratio.js';
import { modelOf } from '../../../src/learner/engine/model.js';
import { tf } from '../../../src/nn/tensorflow.js';
import { declarationOf, TINY, tinyParts } from './tiny_algorithm.js';

const parts = tinyParts();
const ratio = single('ratio', densityRatio(TINY, [3]));
const ratios = ensemble('ratios', 2, densityRatio(TINY, [3]));

const step = train({ name: 'ratio', network: ratio, optimiser: adam('ratio', 1e-3) }, ({ read, apply }) => ({
  loss: tf.sum(apply(ratio, read(batch.observations), read(batch.actions))),
}));

/** Makes the model of an algorithm that draws by the ratios of `network`, with a phase that trains them if `learns`. */
function modelBy(network: typeof ratio, learns: boolean): () => void {
  const { phases, ...rest } = declarationOf(parts, []);
  const balance = { ratio: network, temperature: 5, firstOnlineShare: 0.5 };
  const learning = learns ? { balance: { steps: [step], metrics: [] } } : {};
  const networks = [...rest.networks, ratio, ratios];
  return () => void modelOf({ ...rest, networks, balance, phases: { ...phases, ...learning } }, TINY, 2);
}

it('an algorithm draws by priorities if a single network of it gives the ratios and a phase trains it', () => {
  expect(modelBy(ratio, true)).not.toThrow();
  expect(modelBy(ratios, true)).toThrow(
    'transitions are weighed by "ratios", which is not a single network of the algorithm',
  );
  expect(modelBy(single('stranger', densityRatio(TINY, [3])), true)).toThrow(
    'transitions are weighed by "stranger", which is not a single network of the algorithm',
  );
  expect(modelBy(ratio, false)).toThrow('no phase "balance" trains "ratio"');
});
