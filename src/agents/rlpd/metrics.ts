import type { SharedArrays } from '../../compile/shared_arrays.js';
import { disagreement } from './ensemble.js';
import { ACTOR_METRICS, CRITIC_METRICS } from './exchange.js';
import type { RlpdOptions } from './options.js';
import { targetEntropy, temperatureLoss } from './temperature.js';

/** The mean of the update's target Q. */
export function writeTargetMetrics(shared: SharedArrays, { batchSize }: RlpdOptions, update: number): void {
  shared.get('targetMetrics')[update] = mean(memberRows(shared, 'targetQ', 0, batchSize));
}

/** Critic k's metrics of an update. */
export function writeCriticMetrics(
  shared: SharedArrays,
  { numQs, batchSize }: RlpdOptions,
  update: number,
  k: number,
): void {
  const [values, targets] = ['criticQ', 'targetQ'].map((name) => memberRows(shared, name, k, batchSize));
  let [sum, squares, lowest, highest] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < batchSize; i++) {
    sum += values[i];
    squares += (values[i] - targets[i]) ** 2;
    lowest = Math.min(lowest, values[i]);
    highest = Math.max(highest, values[i]);
  }
  const squaredNorm = shared.get('criticSquaredNorm')[k];
  const metrics = [squares / batchSize, sum / batchSize, lowest, highest, squaredNorm];
  shared.get('criticMetrics').set(metrics, (update * numQs + k) * CRITIC_METRICS.length);
}

/** The actor's metrics of an update, before the temperature changes; returns the policy's entropy. */
export function writeActorMetrics(shared: SharedArrays, options: RlpdOptions, update: number): number {
  const { numQs, batchSize } = options;
  const members = Array.from({ length: numQs }, (_, k) => memberRows(shared, 'policyQ', k, batchSize));
  const temperature = Math.exp(shared.get('logTemperature')[0]);
  const entropy = -mean(shared.get('logProbability'));
  const metrics: Record<(typeof ACTOR_METRICS)[number], number> = {
    q_std: disagreement(members),
    actor_loss: -temperature * entropy - mean(shared.get('policyQ')),
    entropy,
    temperature,
    temperature_loss: temperatureLoss(temperature, entropy, targetEntropy(options)),
    actor_grad_norm: Math.sqrt(shared.get('actorSquaredNorm')[0]),
    bc_loss: sum(shared.get('imitationLosses')),
  };
  const values = ACTOR_METRICS.map((name) => metrics[name]);
  shared.get('actorMetrics').set(values, update * ACTOR_METRICS.length);
  return entropy;
}

/** The imitation loss of a step of behaviour cloning, the only one of its metrics. */
export function writeCloneMetrics(shared: SharedArrays, update: number): void {
  shared.get('actorMetrics')[cloneLossEntry(update)] = sum(shared.get('imitationLosses'));
}

/** What {@link writeCloneMetrics} has written. */
export function cloneLoss(shared: SharedArrays, update: number): number {
  return shared.get('actorMetrics')[cloneLossEntry(update)];
}

function cloneLossEntry(update: number): number {
  return update * ACTOR_METRICS.length + ACTOR_METRICS.indexOf('bc_loss');
}

/** Critic metrics of a whole ensemble: means, the lowest and highest Q of any, the norm of all gradients together. */
export function ensembleMetrics(shared: SharedArrays, { numQs }: RlpdOptions, update: number): number[] {
  const all = shared.get('criticMetrics');
  const of = (entry: number) =>
    Array.from({ length: numQs }, (_, k) => all[(update * numQs + k) * CRITIC_METRICS.length + entry]);
  const [losses, means, lowest, highest, squaredNorms] = CRITIC_METRICS.map((_, entry) => of(entry));
  return [mean(losses), mean(means), Math.min(...lowest), Math.max(...highest), Math.sqrt(sum(squaredNorms))];
}

/** Critic k's values [batch] among those of all critics. */
function memberRows(shared: SharedArrays, name: string, k: number, batchSize: number): Float32Array {
  return shared.get(name).subarray(k * batchSize, (k + 1) * batchSize);
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}

function mean(values: ArrayLike<number>): number {
  return sum(values) / values.length;
}
