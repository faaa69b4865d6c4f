import type { Stage } from '../../compile/stage.js';
import { lossAndGradients } from '../../nn/gradients.js';
import { asGroup, type NamedShapes, type NamedTensors, takeGroup } from '../../nn/parameters.js';
import { preTanhSample, sampleLogProbability } from '../../nn/tanh_normal.js';
import { tf } from '../../nn/tensorflow.js';
import { actorLoss, imitationLosses, linearisedValue, polyakAverage } from './losses.js';
import type { Actor } from './networks.js';
import { optimise, optimisedShapes } from './optimiser.js';
import { keepsAverage, type RlpdOptions } from './options.js';
import { perCritic, policyParts, rowShapes, SCALAR } from './shapes.js';

/**
 * The policy's actions for a part of a batch: `observations`, `noise` → `sampledActions`, and the logarithms of their
 * densities, `sampledLogProbability` [rows], where the target needs them.
 */
export function sampleStage(options: RlpdOptions, actor: Actor): Stage {
  const { observations, actions, perRow } = rowShapes(options, options.batchSize / policyParts(options));
  const inputs: NamedShapes = { ...asGroup('actor', actor.layout.shapes), observations, noise: actions };
  const outputs: NamedShapes = {
    sampledActions: actions,
    ...(options.backupEntropy ? { sampledLogProbability: perRow } : {}),
  };
  const run = (tensors: NamedTensors): NamedTensors => {
    const policy = actor.apply(takeGroup(tensors, 'actor'), tensors['observations']);
    const preTanh = preTanhSample(policy, tensors['noise']);
    const sampledActions = tf.tanh(preTanh);
    if (!options.backupEntropy) return { sampledActions };
    return {
      sampledActions,
      sampledLogProbability: sampleLogProbability(policy, tensors['noise'], preTanh),
    };
  };
  return { name: 'sample', inputs, outputs, run };
}

/**
 * A part's share of the gradient of the actor's loss, `actorGradient`, given every critic's `actionGradient0`, … on
 * its rows. Outputs also `logProbability` [rows] and, where the policy imitates, each row's share of that loss,
 * `imitationLosses` [rows].
 */
export function actorGradientStage(options: RlpdOptions, actor: Actor): Stage {
  const { observations, actions, perRow } = rowShapes(options, options.batchSize / policyParts(options));
  const { shapes } = actor.layout;
  const imitates = options.bcWeight > 0;
  const inputs: NamedShapes = {
    ...asGroup('actor', shapes),
    logTemperature: SCALAR,
    observations,
    noise: actions,
    ...perCritic(options.numQs, 'actionGradient', actions),
    ...(imitates ? { actions, imitationWeights: perRow, bcWeight: SCALAR } : {}),
  };
  const outputs: NamedShapes = {
    logProbability: perRow,
    ...(imitates ? { imitationLosses: perRow } : {}),
    ...asGroup('actorGradient', shapes),
  };
  const run = (tensors: NamedTensors): NamedTensors => {
    const temperature = tf.exp(tensors['logTemperature']);
    const valueGradient = meanActionGradient(options, tensors);
    const { extras, gradients } = lossAndGradients(takeGroup(tensors, 'actor'), (candidate) => {
      const policy = actor.apply(candidate, tensors['observations']);
      const preTanh = preTanhSample(policy, tensors['noise']);
      const actions = tf.tanh(preTanh);
      const logProbability = sampleLogProbability(policy, tensors['noise'], preTanh);
      const value = linearisedValue(valueGradient, actions);
      const loss = actorLoss(temperature, logProbability, value, options.batchSize);
      if (!imitates) return { loss, extras: { logProbability } };
      const losses = imitationLosses(actions, tensors['actions'], tensors['imitationWeights']);
      return {
        loss: tf.add(loss, tf.mul(tf.sum(losses), tensors['bcWeight'])),
        extras: { logProbability, imitationLosses: losses },
      };
    });
    return { ...extras, ...asGroup('actorGradient', gradients) };
  };
  return { name: 'actorGradient', inputs, outputs, run };
}

/**
 * A part's share of the gradient of behaviour cloning, `actorGradient`: the mean over batch and action entries of
 * (π(s) − a)², for samples of the policy, so that exploration starts as narrow as the demonstrations allow. Outputs
 * also each row's share of the loss, `imitationLosses` [rows].
 */
export function cloneGradientStage(options: RlpdOptions, actor: Actor): Stage {
  const { observations, actions, perRow } = rowShapes(options, options.batchSize / policyParts(options));
  const { shapes } = actor.layout;
  const inputs: NamedShapes = { ...asGroup('actor', shapes), observations, actions, noise: actions };
  const run = (tensors: NamedTensors): NamedTensors => {
    const { extras, gradients } = lossAndGradients(takeGroup(tensors, 'actor'), (candidate) => {
      const policy = actor.apply(candidate, tensors['observations']);
      const samples = tf.tanh(preTanhSample(policy, tensors['noise']));
      const weight = tf.scalar(1 / (options.batchSize * options.actionDim));
      const losses = imitationLosses(samples, tensors['actions'], weight);
      return { loss: tf.sum(losses), extras: { imitationLosses: losses } };
    });
    return { ...extras, ...asGroup('actorGradient', gradients) };
  };
  const outputs = { imitationLosses: perRow, ...asGroup('actorGradient', shapes) };
  return { name: 'cloneGradient', inputs, outputs, run };
}

/** One Adam step of the actor with the sum of the parts' gradients, `actorGradient0`, …, and of its average towards it. */
export function actorOptimiserStage(options: RlpdOptions, actor: Actor): Stage {
  const averages = keepsAverage(options);
  const state = {
    ...optimisedShapes('actor', 'actor', actor.size),
    ...(averages ? { averageActor: [actor.size] } : {}),
  };
  const gradients = Array.from({ length: policyParts(options) }, (_, part) => `actorGradient${part}`);
  const inputs = {
    ...state,
    ...Object.fromEntries(gradients.map((name) => [name, [actor.size]])),
    actorStepSize: SCALAR,
    actorEpsilon: SCALAR,
  };
  const run = (tensors: NamedTensors): NamedTensors => {
    const gradient = gradients.map((name) => tensors[name]).reduce((sum, part) => tf.add(sum, part));
    const { outputs, squaredNorm } = optimise(tensors, 'actor', 'actor', gradient);
    if (!averages) return { ...outputs, actorSquaredNorm: squaredNorm };
    const averageActor = polyakAverage(tensors['averageActor'], outputs['actor'], options.actorTau);
    return { ...outputs, averageActor, actorSquaredNorm: squaredNorm };
  };
  const outputs = { ...state, actorSquaredNorm: SCALAR };
  return { name: 'actorOptimiser', inputs, outputs, run, elementwise: true };
}

/** The critics' mean of ∂Q/∂a [rows, actionDim]. */
function meanActionGradient({ numQs }: RlpdOptions, tensors: NamedTensors): tf.Tensor {
  const members = Array.from({ length: numQs }, (_, k) => tensors[`actionGradient${k}`]);
  return tf.div(tf.addN(members), numQs);
}
