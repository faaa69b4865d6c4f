import { z } from 'zod';
import type {
  Algorithm,
  Declaration,
  PhaseStep,
  PolicyScope,
  Sizes,
} from '../../../src/learner/algorithm.js';
import { adam, batch, ensemble, single, train } from '../../../src/learner/declare.js';
import { stateValue } from '../../../src/learner/networks.js';
import type { CallableNetwork, Step } from '../../../src/learner/step.js';
import { tf } from '../../../src/nn/tensorflow.js';

export const TINY: Sizes = { observationDim: 2, actionDim: 1, batchSize: 4 };

const LAYERS = { features: [3], layerNorm: false };

type ValueNetwork = CallableNetwork<[observations: tf.Tensor], tf.Tensor>;

/** A network that learns the rewards, an ensemble that is there to be used, and the step of the first. */
export interface TinyParts {
  net: ValueNetwork;
  crowd: ValueNetwork;
  fit: Step;
}

export function tinyParts(sizes: Sizes = TINY): TinyParts {
  const net = single('net', stateValue(sizes, LAYERS));
  const crowd = ensemble('crowd', 2, stateValue(sizes, LAYERS));
  const fit = train({ name: 'fit', network: net, optimiser: adam('net', 1e-2) }, ({ read, apply }) => ({
    loss: squaredError(apply(net, read(batch.observations)), read(batch.rewards), sizes),
  }));
  return { net, crowd, fit };
}

/** The part of the mean squared error that a step's rows contribute. */
export function squaredError(values: tf.Tensor, wanted: tf.Tensor, { batchSize }: Sizes = TINY): tf.Tensor {
  return tf.div(tf.sum(tf.square(tf.sub(values, wanted))), batchSize);
}

/** A declaration that begins with the step of the network, and goes on with others. */
export function declarationOf(
  { net, crowd, fit }: TinyParts,
  steps: readonly PhaseStep[],
  others: Partial<Declaration> = {},
): Declaration {
  const act = ({ apply }: PolicyScope, observations: tf.Tensor) =>
    tf.reshape(apply(net, observations), [-1, 1]);
  return {
    networks: [net, crowd],
    phases: { online: { steps: [fit, ...steps], metrics: [] } },
    policy: {
      networks: [net],
      averaged: false,
      distribution: 'deterministic',
      act,
      describe: (scope, rows) => ({ action: act(scope, rows) }),
      shown: null,
    },
    ...others,
  };
}

/** An algorithm without options. */
export function algorithmOf(declare: (sizes: Sizes) => Declaration): Algorithm<object> {
  return {
    name: 'tiny',
    paper: 'none',
    options: z.strictObject({}),
    declare: (_, sizes) => declare(sizes),
  };
}
