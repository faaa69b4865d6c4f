import type { Algorithm } from '../learner/algorithm.js';
import { batch } from '../learner/declare.js';
import { extendPhase, withDefaults } from '../learner/extend.js';
import { mean, memberMetric } from '../learner/metrics.js';
import { tf } from '../nn/tensorflow.js';
import { type CqlOptions, conservative, cql } from './cql.js';
import { conservativeGaps } from './parts/conservative_penalty.js';

/** Calibrated Q-learning: CQL that pushes no value of the policy below the return that was had from there. */
export const calQl: Algorithm<CqlOptions> = {
  name: 'cal_ql',
  paper: 'Nakamoto et al. 2023, arXiv 2303.05479',
  options: withDefaults(cql.options, {
    actorFeatures: [256, 256],
    criticFeatures: [256, 256, 256, 256],
    maxBackup: true,
  }),
  declare(o, sizes) {
    const { declaration, criticStep } = conservative(o, sizes, ({ read }, candidates, criticQ) => {
      const returns = tf.expandDims(read(batch.returnsToGo), 1);
      const { values, raised } = calibrated(candidates.values, o.numCandidates, returns);
      const gap = conservativeGaps({ ...candidates, values }, criticQ, o.conservativeTemperature);
      return { gap, raised };
    });
    const { raised } = criticStep.values;
    const rate = memberMetric('calibration_rate', criticStep, 'mean', (record, k) =>
      mean(record.member(raised, k)),
    );
    return extendPhase(declaration, 'online', { metrics: [rate] });
  },
};

/**
 * Values [rows, n] of which the first `uniformCount` stay as they are, and the others, those of the policy's actions, are at least
 * `returns` [rows, 1] (equation 5); and the share of those others that was lower [rows].
 */
export function calibrated(
  values: tf.Tensor,
  uniformCount: number,
  returns: tf.Tensor,
): { values: tf.Tensor; raised: tf.Tensor } {
  const [uniform, policy] = tf.split(values, [uniformCount, values.shape[1]! - uniformCount], 1);
  return {
    values: tf.concat([uniform, tf.maximum(policy, returns)], 1),
    raised: tf.mean(tf.cast(tf.less(policy, returns), 'float32'), 1),
  };
}
