import type { Stage } from '../../compile/stage.js';
import { asGroup, type NamedShapes, type NamedTensors, takeGroup } from '../../nn/parameters.js';
import { preTanhSample } from '../../nn/tanh_normal.js';
import { tf } from '../../nn/tensorflow.js';
import type { Actor } from './networks.js';
import type { RlpdOptions } from './options.js';

/** The policy's actions for given observations and noise: `actionObservations`, `actionNoise` → `chosenActions`. */
export function actStage(options: RlpdOptions, actor: Actor, rows: number): Stage {
  const inputs: NamedShapes = {
    ...asGroup('actor', actor.layout.shapes),
    ...normalisationShapes(options),
    actionObservations: [rows, options.observationDim],
    actionNoise: [rows, options.actionDim],
  };
  const run = (tensors: NamedTensors): NamedTensors => {
    const policy = actor.apply(
      takeGroup(tensors, 'actor'),
      normalised(tensors, tensors['actionObservations']),
    );
    return { chosenActions: tf.tanh(preTanhSample(policy, tensors['actionNoise'])) };
  };
  return { name: `act${rows}`, inputs, outputs: { chosenActions: [rows, options.actionDim] }, run };
}

/**
 * The policy for use outside training: `observation` → `action`, its mode as the environment takes it, and `mean` and
 * `log_std` of the normal distribution before tanh, all [rows, actionDim]. The environment's actions are the agent's
 * divided by `actionScale` [actionDim]. Nothing in it depends on the number of rows.
 */
export function policyStage(options: RlpdOptions, actor: Actor): Stage {
  // Traced with any number but 1, which would pass for a dimension to broadcast along.
  const rows = 2;
  const actions = [rows, options.actionDim];
  const inputs: NamedShapes = {
    observation: [rows, options.observationDim],
    ...asGroup('actor', actor.layout.shapes),
    ...normalisationShapes(options),
    actionScale: [options.actionDim],
  };
  const run = (tensors: NamedTensors): NamedTensors => {
    const normal = normalised(tensors, tensors['observation']);
    const { mean, logStd } = actor.apply(takeGroup(tensors, 'actor'), normal);
    return { action: tf.div(tf.tanh(mean), tensors['actionScale']), mean, log_std: logStd };
  };
  return { name: 'policy', inputs, outputs: { action: actions, mean: actions, log_std: actions }, run };
}

function normalisationShapes({ observationDim }: RlpdOptions): NamedShapes {
  return { observationMean: [observationDim], observationScale: [observationDim] };
}

/** (observations − mean) ∘ scale; the identity unless set otherwise. */
function normalised(inputs: NamedTensors, observations: tf.Tensor): tf.Tensor {
  return tf.mul(tf.sub(observations, inputs['observationMean']), inputs['observationScale']);
}
