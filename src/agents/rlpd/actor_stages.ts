import type { Stage } from '../../compile/stage.js';
import { lossAndGradients, squaredNorm } from '../../nn/gradients.js';
import { asGroup, type NamedShapes, type NamedTensors, takeGroup } from '../../nn/parameters.js';
import { preTanhSample, sampleLogProbability } from '../../nn/tanh_normal.js';
import { tf } from '../../nn/tensorflow.js';
import { actorLoss, imitationLoss, linearisedValue, metricsVector, temperatureLoss } from './losses.js';
import type { Actor, Critic } from './networks.js';
import { optimise, optimisedShapes, optimiserScalars } from './optimiser.js';
import type { RlpdOptions } from './options.js';
import { normalised, sharedShapes } from './shared_inputs.js';
import { TEMPERATURE_SHAPES, targetEntropy, temperatureStep } from './temperature.js';

/** What the entries of `actorMetrics` mean; the last one is there only with a behaviour-cloning term. */
export function actorMetricNames({ bcWeight }: RlpdOptions): string[] {
  const names = ['actor_loss', 'entropy', 'temperature', 'temperature_loss', 'actor_grad_norm'];
  return bcWeight > 0 ? [...names, 'bc_loss'] : names;
}

/** The actions on the batch that the actor step is about: `observations`, `noise` → `policyActions`. */
export function policyActionStage(options: RlpdOptions, actor: Actor): Stage {
  const { observations, actions, normalisation } = sharedShapes(options);
  const inputs: NamedShapes = {
    ...asGroup('actor', actor.layout.shapes),
    ...normalisation,
    observations,
    noise: actions,
  };
  const run = (tensors: NamedTensors): NamedTensors => {
    const policy = actor.apply(takeGroup(tensors, 'actor'), normalised(tensors, tensors['observations']));
    return { policyActions: tf.tanh(preTanhSample(policy, tensors['noise'])) };
  };
  return { name: 'policyActions', inputs, outputs: { policyActions: actions }, run };
}

/**
 * One critic's opinion of the policy's actions: `policyQ` [batch] and `actionGradient` ∂Q/∂a [batch, actionDim]; with
 * the Q-filter also `demoQ` [batch], its value of the batch's own actions.
 */
export function actionGradientStage(options: RlpdOptions, critic: Critic): Stage {
  const { observations, actions, perRow, normalisation } = sharedShapes(options);
  const inputs: NamedShapes = {
    ...asGroup('critic', critic.layout.shapes),
    ...normalisation,
    observations,
    policyActions: actions,
    ...(options.bcQFilter ? { actions } : {}),
  };
  const outputs: NamedShapes = {
    policyQ: perRow,
    actionGradient: actions,
    ...(options.bcQFilter ? { demoQ: perRow } : {}),
  };
  const run = (tensors: NamedTensors): NamedTensors => {
    const parameters = takeGroup(tensors, 'critic');
    const normal = normalised(tensors, tensors['observations']);
    const { extras, gradients } = lossAndGradients(
      { policyActions: tensors['policyActions'] },
      (candidate) => {
        const values = critic.apply(parameters, normal, candidate['policyActions']);
        return { loss: tf.sum(values), extras: { values } };
      },
    );
    const demoQ = options.bcQFilter ? { demoQ: critic.apply(parameters, normal, tensors['actions']) } : {};
    return { policyQ: extras['values'], actionGradient: gradients['policyActions'], ...demoQ };
  };
  return { name: 'actionGradient', inputs, outputs, run };
}

/**
 * One Adam step of the actor, given every critic's `actionGradient0`, … and `policyQ0`, …, and one of the temperature
 * towards the target entropy.
 */
export function actorStage(options: RlpdOptions, actor: Actor): Stage {
  const { observations, actions, perRow, normalisation, scalar } = sharedShapes(options);
  const imitates = options.bcWeight > 0;
  const state: NamedShapes = {
    ...optimisedShapes('actor', 'actor', actor.layout.shapes),
    ...(options.learnableTemperature ? TEMPERATURE_SHAPES : {}),
  };
  const inputs: NamedShapes = {
    ...state,
    ...normalisation,
    logTemperature: scalar,
    observations,
    noise: actions,
    ...perCritic(options, 'actionGradient', actions),
    ...perCritic(options, 'policyQ', perRow),
    ...(imitates ? { actions, demoRows: perRow, bcWeight: scalar } : {}),
    ...(options.bcQFilter ? perCritic(options, 'demoQ', perRow) : {}),
    ...optimiserScalars('actor'),
    ...(options.learnableTemperature ? optimiserScalars('temperature') : {}),
  };
  const run = (tensors: NamedTensors): NamedTensors => {
    const normal = normalised(tensors, tensors['observations']);
    const temperature = tf.exp(tensors['logTemperature']);
    const valueGradient = criticMean(options, tensors, 'actionGradient');
    const meanQ = criticMean(options, tensors, 'policyQ');
    const { extras, gradients } = lossAndGradients(takeGroup(tensors, 'actor'), (candidate) => {
      const policy = actor.apply(candidate, normal);
      const preTanh = preTanhSample(policy, tensors['noise']);
      const logProbability = sampleLogProbability(policy, tensors['noise'], preTanh);
      const value = linearisedValue(valueGradient, tf.tanh(preTanh));
      const loss = tf.sub(tf.mul(temperature, tf.mean(logProbability)), value);
      if (!imitates) return { loss, extras: { logProbability } };
      const imitation = imitationTerm(options, tensors, tf.tanh(preTanh), meanQ);
      return {
        loss: tf.add(loss, tf.mul(imitation, tensors['bcWeight'])),
        extras: { logProbability, imitation },
      };
    });
    const entropy = tf.neg(tf.mean(extras['logProbability']));
    const metrics = [
      actorLoss(temperature, extras['logProbability'], meanQ),
      entropy,
      temperature,
      temperatureLoss(temperature, entropy, targetEntropy(options)),
      tf.sqrt(squaredNorm(gradients)),
    ];
    return {
      ...optimise(tensors, 'actor', 'actor', gradients).outputs,
      ...(options.learnableTemperature ? temperatureStep(options, tensors, entropy) : {}),
      actorMetrics: metricsVector(imitates ? [...metrics, extras['imitation']] : metrics),
    };
  };
  return {
    name: 'actorStep',
    inputs,
    outputs: { ...state, actorMetrics: [actorMetricNames(options).length] },
    run,
  };
}

function imitationTerm(
  options: RlpdOptions,
  tensors: NamedTensors,
  samples: tf.Tensor,
  meanQ: tf.Tensor,
): tf.Tensor {
  const { actions, demoRows } = tensors;
  if (!options.bcQFilter) return imitationLoss(samples, actions, demoRows, demoRows);
  const better = tf.cast(tf.greater(criticMean(options, tensors, 'demoQ'), meanQ), 'float32');
  return imitationLoss(samples, actions, tf.mul(demoRows, better), demoRows);
}

function perCritic(options: RlpdOptions, name: string, shape: readonly number[]): NamedShapes {
  return Object.fromEntries(Array.from({ length: options.numQs }, (_, k) => [`${name}${k}`, shape]));
}

function criticMean(options: RlpdOptions, tensors: NamedTensors, name: string): tf.Tensor {
  const members = Array.from({ length: options.numQs }, (_, k) => tensors[`${name}${k}`]);
  return tf.div(tf.addN(members), options.numQs);
}
