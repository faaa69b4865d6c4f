import { z } from 'zod';
import { ALGORITHMS } from '../algorithms/registry.js';
import type { Algorithm } from '../learner/algorithm.js';

export type AlgorithmName = keyof typeof ALGORITHMS;

export const ALGORITHM_NAMES = Object.keys(ALGORITHMS) as AlgorithmName[];

export const DEFAULT_ALGORITHM: AlgorithmName = 'rlpd';

/** Options that many algorithms have, with the keys that the reference gives them outside an algorithm's section. */
export const SHARED_OPTIONS: Readonly<Record<string, string>> = {
  actorFeatures: 'network.actor.arch_cfg.features',
  actorLayerNorm: 'network.actor.arch_cfg.use_layer_norm',
  criticFeatures: 'network.critic.arch_cfg.features',
  criticLayerNorm: 'network.critic.arch_cfg.use_layer_norm',
  actorLearningRate: 'train.actor_lr',
  criticLearningRate: 'train.critic_lr',
  temperatureLearningRate: 'train.temp_lr',
};

/** The keys of those options of an algorithm that follows another in the phase online which are not the same for both. */
export const FOLLOWERS_OPTIONS: Readonly<Record<string, string>> = {
  actorLearningRate: 'train.online_actor_lr',
  criticLearningRate: 'train.online_critic_lr',
  temperatureLearningRate: 'train.online_temp_lr',
};

/**
 * Options that the configuration doesn't have: training lets the learning rate of cloning fall from
 * `train.bc_learning_rate`.
 */
const SET_BY_TRAINING = ['cloneLearningRate'];

/** The options in an algorithm's own section, by key. */
export type Section = Readonly<Record<string, unknown>>;

/** An algorithm of the registry, seen by its contract alone. */
export function algorithmOf(name: AlgorithmName): Algorithm<object> {
  return ALGORITHMS[name];
}

/** The options of an algorithm's own section: their names in its file, their keys in the section, and their schemas. */
export function ownOptions(name: AlgorithmName): { option: string; key: string; schema: z.ZodType }[] {
  const { shape } = algorithmOf(name).options;
  return Object.entries(shape)
    .filter(([option]) => !(option in SHARED_OPTIONS) && !SET_BY_TRAINING.includes(option))
    .map(([option, schema]) => ({ option, key: keyOfOption(option), schema: schema as z.ZodType }));
}

/** `numMinQs` → `num_min_qs`, in the reference's spelling: `learnable_temp`, `value_lr`. */
function keyOfOption(option: string): string {
  return option
    .replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    .replace(/_learning_rate$/, '_lr')
    .replace(/^learnable_temperature$/, 'learnable_temp');
}

/** The schemas of all sections. A configuration has the chosen algorithm's and no other. */
export const ALGORITHM_SECTIONS = Object.fromEntries(
  ALGORITHM_NAMES.map((name) => [name, sectionSchema(name)]),
) as Record<AlgorithmName, z.ZodOptional<z.ZodType<Section>>>;

function sectionSchema(name: AlgorithmName): z.ZodOptional<z.ZodType<Section>> {
  const shape = Object.fromEntries(ownOptions(name).map(({ key, schema }) => [key, schema]));
  return z.strictObject(shape).optional();
}
