import { z } from 'zod';
import { LOG_STD_MAX } from '../../nn/tanh_normal.js';

/** A whole number from 1. */
export const count = () => z.int().positive();

/** A number from 0, such as a learning rate. */
export const rate = () => z.number().nonnegative();

/** A number above 0 and up to 1. */
export const share = () => z.number().positive().max(1);

/** Widths of hidden layers. */
export const features = () => z.array(count()).min(1);

/** The options that all soft actor-critics have, with SAC's defaults. An algorithm with other defaults declares those anew. */
export const softActorCriticOptions = {
  actorFeatures: features().default([256, 256]).describe("widths of the policy's hidden layers"),
  criticFeatures: features().default([256, 256]).describe("widths of each critic's hidden layers"),
  criticLayerNorm: z
    .boolean()
    .default(false)
    .describe('layer norm in the critics, which keeps Q bounded on unseen actions'),
  actorLayerNorm: z.boolean().default(false).describe('layer norm in the actor'),
  logStdMin: z
    .number()
    .lt(LOG_STD_MAX)
    .default(-5)
    .describe("lower limit of the policy's log-std before tanh"),
  numQs: count().default(2).describe('critics in the ensemble'),
  tau: share().default(0.005).describe('step of the target critics towards the critics'),
  backupEntropy: z.boolean().default(true).describe('entropy term in the target'),
  targetEntropy: z
    .number()
    .nullable()
    .default(null)
    .describe('null: what the paper takes for so many actions'),
  initialTemperature: z.number().positive().default(1).describe('weight of the entropy to begin with'),
  learnableTemperature: z.boolean().default(true).describe('whether that weight is learnt'),
  actorLearningRate: rate().default(3e-4).describe('learning rate of the actor'),
  criticLearningRate: rate().default(3e-4).describe('learning rate of the critics'),
  temperatureLearningRate: rate().default(3e-4).describe('learning rate of the weight of the entropy'),
  actorUpdateFreq: count().default(1).describe('critic updates per actor update'),
};
