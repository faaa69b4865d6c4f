import type { SharedArrays } from '../../compile/shared_arrays.js';
import { disagreement } from './ensemble.js';
import { ACTOR_METRICS, CRITIC_METRICS } from './exchange.js';
import type { RlpdOptions } from './options.js';
import { targetEntropy, temperatureLoss } from './temperature.js';

/** The mean of the update's target Q. */
export function writeTargetMetrics(shared: SharedArrays, { batchSize }: RlpdOptions, update: number): void {
  shared.get('targetMetrics')[update] = mean(shared.get('targetQ').subarray(0, batchSize));
}

/** Critic k's metrics of an update, from `row` on. */
export function writeCriticMetrics(
  shared: SharedArrays,
  { batchSize }: RlpdOptions,
  k: number,
  row: number,
): void {
  const values = shared.get('criticQ').subarray(k * batchSize, (k + 1) * batchSize);
  const targets = shared.get('targetQ').subarray(k * batchSize, (k + 1) * batchSize);
  let [sum, squares, lowest, highest] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < batchSize; i++) {
    sum += values[i];
    squares += (values[i] - targets[i]) ** 2;
    lowest = Math.min(lowest, values[i]);
    highest = Math.max(highest, values[i]);
  }
  const squaredNorm = shared.get('criticSquaredNorm')[k];
  shared.get('criticMetrics').set([squares / batchSize, sum / batchSize, lowest, highest, squaredNorm], row);
}

/** The actor's metrics of an update, before the temperature changes; returns the policy's entropy. */
export function writeActorMetrics(shared: SharedArrays, options: RlpdOptions, update: number): number {
  const { numQs, batchSize } = options;
  const policyQ = shared.get('policyQ');
  const members = Array.from({ length: numQs }, (_, k) =>
    policyQ.subarray(k * batchSize, (k + 1) * batchSize),
  );
  const temperature = Math.exp(shared.get('logTemperature')[0]);
  const entropy = -mean(shared.get('logProbability'));
  const metrics: Record<(typeof ACTOR_METRICS)[number], number> = {
    q_std: disagreement(members),
    actor_loss: -temperature * entropy - mean(policyQ),
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

/** The imitation loss of a step of behaviour cloning, the first of its metrics. */
export function writeCloneMetrics(shared: SharedArrays, update: number): void {
  const entry = ACTOR_METRICS.indexOf('bc_loss');
  shared.get('actorMetrics')[update * ACTOR_METRICS.length + entry] = sum(shared.get('imitationLosses'));
}

/** Critic metrics of a whole ensemble: means, the lowest and highest Q of any, the norm of all gradients together. */
export function ensembleMetrics(shared: SharedArrays, { numQs }: RlpdOptions, update: number): number[] {
  const all = shared.get('criticMetrics');
  const of = (entry: number) =>
    Array.from({ length: numQs }, (_, k) => all[(update * numQs + k) * CRITIC_METRICS.length + entry]);
  const [losses, means, lowest, highest, squaredNorms] = CRITIC_METRICS.map((_, entry) => of(entry));
  return [mean(losses), mean(means), Math.min(...lowest), Math.max(...highest), Math.sqrt(sum(squaredNorms))];
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}

function mean(values: ArrayLike<number>): number {
  return sum(values) / values.length;
}
