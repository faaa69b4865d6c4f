import type { Stage } from '../../compile/stage.js';
import { lossAndGradients } from '../../nn/gradients.js';
import { asGroup, type NamedShapes, type NamedTensors, takeGroup } from '../../nn/parameters.js';
import { tf } from '../../nn/tensorflow.js';
import { bellmanTarget, criticLoss, polyakAverage } from './losses.js';
import type { Critic } from './networks.js';
import { optimise, optimisedShapes } from './optimiser.js';
import type { RlpdOptions } from './options.js';
import { perCritic, rowShapes, SCALAR } from './shapes.js';

/**
 * One target critic's values `nextQ` [batch] of the next actions; less α·log π, where the entropy is backed up, so that
 * the lowest of several is min Q − α·log π.
 */
export function nextValueStage(options: RlpdOptions, critic: Critic): Stage {
  const { observations, actions, perRow } = rowShapes(options, options.batchSize);
  const inputs: NamedShapes = {
    ...asGroup('target', critic.layout.shapes),
    nextObservations: observations,
    nextActions: actions,
    ...(options.backupEntropy ? { nextLogProbability: perRow, logTemperature: SCALAR } : {}),
  };
  const run = (tensors: NamedTensors): NamedTensors => {
    const { nextObservations, nextActions } = tensors;
    const values = critic.apply(takeGroup(tensors, 'target'), nextObservations, nextActions);
    if (!options.backupEntropy) return { nextQ: values };
    const temperature = tf.exp(tensors['logTemperature']);
    return { nextQ: tf.sub(values, tf.mul(temperature, tensors['nextLogProbability'])) };
  };
  return { name: 'nextValue', inputs, outputs: { nextQ: perRow }, run };
}

/**
 * The gradient of one critic's loss towards the target made of the chosen target critics' values `chosenQ0`,
 * `chosenQ1`, … Outputs also its values `criticQ` and the target `targetQ`, both [batch].
 */
export function criticGradientStage(options: RlpdOptions, critic: Critic): Stage {
  const { observations, actions, perRow } = rowShapes(options, options.batchSize);
  const { shapes } = critic.layout;
  const chosen = perCritic(options.numMinQs, 'chosenQ', perRow);
  const inputs: NamedShapes = {
    ...asGroup('critic', shapes),
    ...chosen,
    observations,
    actions,
    rewards: perRow,
    discounts: perRow,
  };
  const run = (tensors: NamedTensors): NamedTensors => {
    const nextValues = Object.keys(chosen).map((name) => tensors[name]);
    const targetQ = bellmanTarget(tensors['rewards'], tensors['discounts'], nextValues);
    const { extras, gradients } = lossAndGradients(takeGroup(tensors, 'critic'), (candidate) => {
      const values = critic.apply(candidate, tensors['observations'], tensors['actions']);
      return { loss: criticLoss(values, targetQ, options.numQs), extras: { values } };
    });
    return { criticQ: extras['values'], targetQ, ...asGroup('criticGradient', gradients) };
  };
  const outputs = { criticQ: perRow, targetQ: perRow, ...asGroup('criticGradient', shapes) };
  return { name: 'criticGradient', inputs, outputs, run };
}

/** One Adam step of one critic, and of its target critic towards it. */
export function criticOptimiserStage(options: RlpdOptions, critic: Critic): Stage {
  const state = { ...optimisedShapes('critic', 'critic', critic.size), target: [critic.size] };
  const inputs = {
    ...state,
    criticGradient: [critic.size],
    criticStepSize: SCALAR,
    criticEpsilon: SCALAR,
  };
  const run = (tensors: NamedTensors): NamedTensors => {
    const { outputs, squaredNorm } = optimise(tensors, 'critic', 'critic', tensors['criticGradient']);
    const target = polyakAverage(tensors['target'], outputs['critic'], options.tau);
    return { ...outputs, target, criticSquaredNorm: squaredNorm };
  };
  const outputs = { ...state, criticSquaredNorm: SCALAR };
  return { name: 'criticOptimiser', inputs, outputs, run, elementwise: true };
}

/** One critic's opinion of the policy's actions: `policyQ` [batch] and `actionGradient` ∂Q/∂a [batch, actionDim]. */
export function actionGradientStage(options: RlpdOptions, critic: Critic): Stage {
  const { observations, actions, perRow } = rowShapes(options, options.batchSize);
  const inputs: NamedShapes = {
    ...asGroup('critic', critic.layout.shapes),
    observations,
    policyActions: actions,
  };
  const outputs: NamedShapes = { policyQ: perRow, actionGradient: actions };
  const run = (tensors: NamedTensors): NamedTensors => {
    const parameters = takeGroup(tensors, 'critic');
    const { observations, policyActions } = tensors;
    const { extras, gradients } = lossAndGradients({ policyActions }, (candidate) => {
      const values = critic.apply(parameters, observations, candidate['policyActions']);
      return { loss: tf.sum(values), extras: { values } };
    });
    return { policyQ: extras['values'], actionGradient: gradients['policyActions'] };
  };
  return { name: 'actionGradient', inputs, outputs, run };
}
