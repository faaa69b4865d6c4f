import { expect, it } from 'vitest';
import { single } from '../../../../src/learner/declare.js';
import { createLearner } from '../../../../src/learner/learner.js';
import { stateValue } from '../../../../src/learner/networks.js';
import { tf } from '../../../../src/nn/tensorflow.js';
import { actionsOf } from '../support.js';
import { algorithmOf, declarationOf, TINY, tinyParts } from '../tiny_algorithm.js';

it('refuses a policy that applies another network than its own, naming both', async () => {
  const algorithm = algorithmOf((sizes) => {
    const parts = tinyParts(sizes);
    const other = single('other', stateValue(sizes, { features: [3], layerNorm: false }));
    const declaration = declarationOf(parts, [], { networks: [parts.net, parts.crowd, other] });
    const act: typeof declaration.policy.act = ({ apply }, observations) =>
      tf.reshape(apply(other, observations), [-1, 1]);
    return { ...declaration, policy: { ...declaration.policy, act } };
  });
  const learner = await createLearner(algorithm, {}, TINY, { seed: 1, threads: 1 });
  await expect(actionsOf(learner, Float32Array.of(1, 2), 'mode')).rejects.toThrow(
    'the policy applies "other", but sees no network except "net"',
  );
  await learner.dispose();
});
