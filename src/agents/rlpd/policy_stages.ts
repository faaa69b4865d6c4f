import type { Stage } from '../../compile/stage.js';
import { lossAndGradients } from '../../nn/gradients.js';
import { asGroup, type NamedShapes, type NamedTensors, takeGroup } from '../../nn/parameters.js';
import { preTanhSample } from '../../nn/tanh_normal.js';
import { tf } from '../../nn/tensorflow.js';
import { metricsVector } from './losses.js';
import type { Actor } from './networks.js';
import { optimise, optimisedShapes, optimiserScalars } from './optimiser.js';
import type { RlpdOptions } from './options.js';
import { normalised, sharedShapes } from './shared_inputs.js';

/** The policy's actions for given observations and noise: `actionObservations`, `actionNoise` → `chosenActions`. */
export function actStage(options: RlpdOptions, actor: Actor, rows: number): Stage {
  const inputs: NamedShapes = {
    ...asGroup('actor', actor.layout.shapes),
    ...sharedShapes(options).normalisation,
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
  // A few rows are too little work to share between threads.
  return {
    name: `act${rows}`,
    inputs,
    outputs: { chosenActions: [rows, options.actionDim] },
    run,
    threads: 1,
  };
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
    ...sharedShapes(options).normalisation,
    actionScale: [options.actionDim],
  };
  const run = (tensors: NamedTensors): NamedTensors => {
    const normal = normalised(tensors, tensors['observation']);
    const { mean, logStd } = actor.apply(takeGroup(tensors, 'actor'), normal);
    return { action: tf.div(tf.tanh(mean), tensors['actionScale']), mean, log_std: logStd };
  };
  return { name: 'policy', inputs, outputs: { action: actions, mean: actions, log_std: actions }, run };
}

/**
 * One Adam step of behaviour cloning: mean over batch and action entries of (π(s) − a)², for samples of the policy, so
 * that exploration starts as narrow as the demonstrations allow.
 */
export function cloneStage(options: RlpdOptions, actor: Actor): Stage {
  const { observations, actions, normalisation } = sharedShapes(options);
  const { shapes } = actor.layout;
  const state = optimisedShapes('actor', 'clone', shapes);
  const inputs: NamedShapes = {
    ...state,
    ...optimiserScalars('clone'),
    ...normalisation,
    observations,
    actions,
    noise: actions,
  };
  const run = (tensors: NamedTensors): NamedTensors => {
    const normal = normalised(tensors, tensors['observations']);
    const { loss, gradients } = lossAndGradients(takeGroup(tensors, 'actor'), (candidate) => {
      const samples = tf.tanh(preTanhSample(actor.apply(candidate, normal), tensors['noise']));
      return { loss: tf.mean(tf.square(tf.sub(samples, tensors['actions']))), extras: {} };
    });
    const { outputs } = optimise(tensors, 'actor', 'clone', gradients);
    return { ...outputs, cloneMetrics: metricsVector([loss]) };
  };
  return { name: 'cloneStep', inputs, outputs: { ...state, cloneMetrics: [1] }, run };
}
