import { asSuccess, type SuccessMeasure, USUAL_MEASURE } from '../../envs/success.js';
import { loadConfig } from '../../src/config/load.js';
import { measureOf } from '../../src/config/task.js';
import type { Variant } from './rows/row.js';

/** The success by which a variant's policies are judged: as its task says. */
export function variantMeasure({ config, overrides }: Variant): SuccessMeasure {
  return asSuccess(measureOf(loadConfig(config, overrides)));
}

/** True if the policies of all these variants are judged by the usual success. */
export function areUsuallyJudged(variants: readonly Variant[]): boolean {
  return variants.every((variant) => variantMeasure(variant) === USUAL_MEASURE);
}
