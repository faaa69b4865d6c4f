import { orthogonal, sideBySide } from '../nn/initialisers.js';
import { dense, mlp } from '../nn/mlp.js';
import type { Normal } from '../nn/normal.js';
import { asGroup, inGroup } from '../nn/parameters.js';
import { tf } from '../nn/tensorflow.js';
import type { Sizes } from './algorithm.js';
import {
  besideObservations,
  type HiddenLayers,
  hiddenForm,
  lastWidth,
  network,
  shapeOf,
  tableOf,
} from './networks.js';
import type { NetworkFunction } from './step.js';

/** Limits of the encoder's log-std, for numerical stability, as in the code of BCQ. */
const LOG_STD_LIMITS = [-4, 15] as const;

/** The two halves of a conditional variational autoencoder of actions. */
export interface ActionVae {
  /** The latent numbers [rows, latentDim] that an action [rows, actionDim] may come from, as a distribution. */
  encode(observations: tf.Tensor, actions: tf.Tensor): Normal;
  /** Actions before tanh [rows, actionDim] of latent numbers [rows, latentDim], or n of each row [rows, n, …]. */
  decode(observations: tf.Tensor, latents: tf.Tensor): tf.Tensor;
}

/** Latent numbers for so many entries of an action: twice as many (Fujimoto et al. 2019, arXiv 1812.02900: BCQ). */
export function latentDimOf({ actionDim }: Pick<Sizes, 'actionDim'>): number {
  return 2 * actionDim;
}

/**
 * A conditional variational autoencoder of actions (Kingma and Welling 2014, arXiv 1312.6114; Sohn et al. 2015) as in BCQ: each half has
 * hidden layers on the observation and its other input side by side, then a linear head. It is one network, trained by one loss.
 */
export function actionVae(sizes: Sizes, layers: HiddenLayers): NetworkFunction<[], ActionVae> {
  const { observationDim, actionDim } = sizes;
  const latentDim = latentDimOf(sizes);
  const encoder = shapeOf(observationDim + actionDim, layers);
  const decoder = shapeOf(observationDim + latentDim, layers);
  const half = orthogonal(lastWidth(layers), latentDim, 1);
  const table = {
    ...asGroup('encoder', tableOf(encoder, layers, 'head', sideBySide([half, half]))),
    ...asGroup('decoder', tableOf(decoder, layers, 'head', orthogonal(lastWidth(layers), actionDim, 1))),
  };
  const form = { gives: 'likely actions', hidden: hiddenForm(layers) };
  return network(table, form, (parameters) => ({
    encode(observations, actions) {
      const own = inGroup('encoder', parameters);
      const inputs = tf.concat([observations, actions], 1);
      const [mean, logStd] = tf.split(dense(own, 'head', mlp(own, encoder, inputs)), 2, 1);
      return { mean, logStd: tf.clipByValue(logStd, ...LOG_STD_LIMITS) };
    },
    decode(observations, latents) {
      const own = inGroup('decoder', parameters);
      return besideObservations(observations, latents, (inputs) =>
        dense(own, 'head', mlp(own, decoder, inputs)),
      );
    },
  }));
}
