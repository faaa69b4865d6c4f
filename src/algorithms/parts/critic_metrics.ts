import {
  highest,
  lowest,
  type Metric,
  mean,
  meanSquaredDifference,
  memberMetric,
  metric,
} from '../../learner/metrics.js';
import type { Optimiser, Step, StepGiving, Value } from '../../learner/step.js';

/** The metrics of a step that trains critics, with their values and targets, each [batch] of each member. */
export function criticMetrics(step: StepGiving<'criticQ' | 'targetQ'>, optimiser: Optimiser): Metric[] {
  return criticMetricsOf(step, step.values, optimiser);
}

/** The same where values and targets have other names. */
export function criticMetricsOf(
  step: Step,
  { criticQ, targetQ }: Readonly<Record<'criticQ' | 'targetQ', Value>>,
  optimiser: Optimiser,
): Metric[] {
  return [
    metric('target_q', step, (record) => mean(record.member(targetQ, 0))),
    memberMetric('critic_loss', step, 'mean', (record, k) =>
      meanSquaredDifference(record.member(criticQ, k), record.member(targetQ, k)),
    ),
    memberMetric('q', step, 'mean', (record, k) => mean(record.member(criticQ, k))),
    memberMetric('q_min', step, 'min', (record, k) => lowest(record.member(criticQ, k))),
    memberMetric('q_max', step, 'max', (record, k) => highest(record.member(criticQ, k))),
    memberMetric('critic_grad_norm', step, 'norm', (record, k) => record.squaredNorm(optimiser, k)),
  ];
}
