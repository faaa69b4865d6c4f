import { z } from 'zod';
import { LOG_STD_MAX } from '../../nn/tanh_normal.js';

/** A whole number from 1. */
export const count = () => z.int().positive();

/** A number of networks in an ensemble. */
export const members = () => count().max(100);

/** A number from 0, such as the weight of a loss. */
export const weight = () => z.number().nonnegative().max(1e6);

/** A number from 0 to 1. */
export const unitWeight = () => z.number().min(0).max(1);

/** A learning rate. Below 1e-12, a step would be 0 in the learner's 32 bits. */
export const rate = () => z.number().min(1e-12);

/** Share of the new values in a moving average: with 0 it would never change. */
export const share = () => z.number().positive().max(1);

/** The curve along which a learning rate falls to 0 over the updates of the phase offline. */
export const decay = () => z.enum(['linear', 'cosine']).nullable();

/** Widths of hidden layers. */
export const features = () => z.array(count().max(16_384)).min(1).max(32);

/** Lower limit of the logarithm of a policy's deviation, of which `highest` is the upper one. */
export const logStdMin = (highest = LOG_STD_MAX) => z.number().min(-20).lt(highest);

/** A positive number that advantages are divided by, so that the lower it is, the more they matter. */
export const temperature = () => z.number().min(1e-6).max(1e6);

/** The entropy that a policy is held at; null: the algorithm's own for so many actions. */
export const targetEntropy = () => z.number().min(-1000).max(1000).nullable();

/**
 * The options of TD3's kin (Fujimoto et al. 2018, arXiv 1802.09477), with the defaults of TD3+BC. An algorithm with other defaults
 * declares those anew.
 */
export const twinDelayedOptions = {
  actorFeatures: features().default([256, 256]).describe("widths of the policy's hidden layers"),
  criticFeatures: features().default([256, 256]).describe("widths of each critic's hidden layers"),
  criticLayerNorm: z.boolean().default(false).describe('layer norm in the critics'),
  actorLayerNorm: z.boolean().default(false).describe('layer norm in the actor'),
  numQs: members().default(2).describe('critics in the ensemble, of which the lowest counts in the target'),
  tau: share().default(0.005).describe('step of the targets towards actor and critics'),
  targetNoise: weight().default(0.2).describe("deviation of the noise on the target's actions"),
  targetNoiseClip: weight().default(0.5).describe('the most that this noise is'),
  actorLearningRate: rate().default(3e-4).describe('learning rate of the actor'),
  criticLearningRate: rate().default(3e-4).describe('learning rate of the critics'),
  actorUpdateFreq: count()
    .default(2)
    .describe('critic updates per actor update, with which the targets move too'),
};

/** The options that all soft actor-critics have, with SAC's defaults. An algorithm with other defaults declares those anew. */
export const softActorCriticOptions = {
  actorFeatures: features().default([256, 256]).describe("widths of the policy's hidden layers"),
  criticFeatures: features().default([256, 256]).describe("widths of each critic's hidden layers"),
  criticLayerNorm: z
    .boolean()
    .default(false)
    .describe('layer norm in the critics, which keeps Q bounded on unseen actions'),
  actorLayerNorm: z.boolean().default(false).describe('layer norm in the actor'),
  logStdMin: logStdMin()
    .default(-5)
    .describe('least logarithm of the policy deviation before tanh, so that it always explores that much'),
  numQs: members().default(2).describe('critics in the ensemble'),
  tau: share().default(0.005).describe('step of the target critics towards the critics'),
  backupEntropy: z.boolean().default(true).describe('entropy term in the target'),
  targetEntropy: targetEntropy()
    .default(null)
    .describe('entropy that the policy is held at; null: −actionDim'),
  initialTemperature: z
    .number()
    .min(1e-8)
    .max(1e4)
    .default(1)
    .describe('weight of the entropy to begin with'),
  learnableTemperature: z.boolean().default(true).describe('learn that weight'),
  actorLearningRate: rate().default(3e-4).describe('learning rate of the actor'),
  criticLearningRate: rate().default(3e-4).describe('learning rate of the critics'),
  temperatureLearningRate: rate().default(3e-4).describe('learning rate of the weight of the entropy'),
  actorUpdateFreq: count().default(1).describe('critic updates per actor update'),
};

/** The options of policies that are held inside the support of the data, with BEAR's defaults. */
export const supportMatchingOptions = {
  actorFeatures: features().default([400, 300]).describe("widths of the policy's hidden layers"),
  criticFeatures: features().default([400, 300]).describe("widths of each critic's hidden layers"),
  vaeFeatures: features()
    .default([750, 750])
    .describe("widths of the hidden layers of each half of the network that makes the data's actions"),
  criticLayerNorm: z.boolean().default(false).describe('layer norm in the critics'),
  actorLayerNorm: z.boolean().default(false).describe('layer norm in the actor'),
  logStdMin: logStdMin().default(-5).describe('least logarithm of the policy deviation before tanh'),
  numQs: members().default(2).describe('critics in the ensemble, of which the actor climbs the lowest'),
  tau: share().default(0.005).describe('step of the targets towards actor and critics'),
  lowestWeight: unitWeight()
    .default(0.75)
    .describe("λ: how much the lowest critic counts in the target; the rest is the highest's"),
  numSamples: count().max(1000).default(10).describe('next actions, of which the best counts in the target'),
  numCandidates: count().max(10_000).default(10).describe('actions, of which the policy does the best'),
  matchSamples: count()
    .max(1000)
    .default(5)
    .describe("actions of the policy that are compared with as many of the data's"),
  kernel: z
    .enum(['laplacian', 'gaussian'])
    .default('laplacian')
    .describe('of the discrepancy between them: exp(−Σ|x − y|/2σ) or exp(−Σ(x − y)²/2σ)'),
  kernelWidth: z.number().min(1e-3).max(1e6).default(20).describe('σ of that kernel'),
  matchThreshold: weight().default(0.05).describe('ε: the discrepancy that the policy is held at'),
  warmupSteps: z
    .int()
    .nonnegative()
    .default(40_000)
    .describe("first steps of the actor, in which it comes near the data's actions and climbs no critic"),
  actorLearningRate: rate().default(1e-4).describe('learning rate of the actor'),
  criticLearningRate: rate().default(3e-4).describe('learning rate of the critics'),
  vaeLearningRate: rate()
    .default(3e-4)
    .describe("learning rate of the network that makes the data's actions"),
  penaltyLearningRate: rate().default(1e-3).describe('learning rate of α, the weight of the discrepancy'),
};
