import type { AlgorithmName } from '../../src/config/algorithm_sections.js';
import type { PhaseName } from '../../src/learner/algorithm.js';

/** An algorithm with the options by which it is timed. */
export interface AlgorithmCase {
  name: string;
  algorithm: AlgorithmName;
  options: Readonly<Record<string, unknown>>;
  /** The phase whose updates are timed; that of an agent's usual updates if left out. */
  phase?: PhaseName;
  /** True if d3rlpy has it. */
  isInPeer: boolean;
  /** Actions of a row's target, where an algorithm asks for several: of the peer, too. */
  samples: number;
}

/**
 * Algorithms that both have, with as many critics and samples: d3rlpy's BEAR compares 4 samples, and its Cal-QL has one next action.
 * SAC-N and EDAC with 10 critics. AWR is left out: most of its work is not in its updates.
 */
export const ALGORITHM_CASES: readonly AlgorithmCase[] = [
  ...(['bc', 'td3_bc', 'rebrac', 'crr', 'awac', 'iql', 'sac'] as const).map((name) => peered(name)),
  peered('sac_n', { numQs: 10 }),
  peered('bear', { matchSamples: 4 }),
  peered('cql'),
  peered('cal_ql', { maxBackup: false }),
  ...[10, 100].map((samples) => ({
    ...peered('bcq', { numSamples: samples }),
    name: `bcq, ${samples} samples`,
    samples,
  })),
  { ...peered('uwac'), isInPeer: false },
  { ...peered('edac', { numQs: 10 }), isInPeer: false },
  { ...peered('bred'), name: 'bred, offline', phase: 'offline', isInPeer: false },
  { ...peered('bred'), name: 'bred, online', isInPeer: false },
];

function peered(algorithm: AlgorithmName, options: AlgorithmCase['options'] = {}): AlgorithmCase {
  return { name: algorithm, algorithm, options, isInPeer: true, samples: 10 };
}
