import { parseBackend } from '../../compile/backends.js';
import { LOG_STD_MAX } from '../../nn/tanh_normal.js';

/** What RLPD can be told. Terms that the original algorithm does not have are neutral by default. */
export interface RlpdOptions {
  observationDim: number;
  actionDim: number;
  batchSize: number;
  /** Widths of the policy's hidden layers. */
  actorFeatures: readonly number[];
  /** Widths of each critic's hidden layers. */
  criticFeatures: readonly number[];
  /** Layer normalisation in the critics, which keeps Q bounded on unseen actions (Ball et al. 2023, section 4.2). */
  criticLayerNorm: boolean;
  /** Layer normalisation in the policy; not in the original. */
  actorLayerNorm: boolean;
  /** Lower limit of the policy's log-std before tanh: the least that it explores. Below 2, the upper limit. */
  logStdMin: number;
  /** Size of the ensemble of critics. */
  numQs: number;
  /** How many randomly chosen target critics the minimum is taken over (REDQ, Chen et al. 2021). */
  numMinQs: number;
  /** Share of the new critic in its moving average, the target critic, after every critic step. */
  tau: number;
  /**
   * Share of the new policy in its moving average, after every step of it. The average is the policy for all uses but
   * exploration (Polyak and Juditsky 1992). 1: there is no average.
   */
  actorTau: number;
  /** Whether the target contains the entropy bonus −temperature · log π of the next action. */
  backupEntropy: boolean;
  /** The entropy that the temperature steers towards; null means −actionDim / 2. */
  targetEntropy: number | null;
  initialTemperature: number;
  learnableTemperature: boolean;
  actorLearningRate: number;
  criticLearningRate: number;
  temperatureLearningRate: number;
  /** Step size of behaviour cloning as a warm start (`cloneBehaviour`), which has an optimiser of its own. */
  cloneLearningRate: number;
  /** Critic steps per actor step. The actor uses the last batch of its round. */
  actorUpdateFreq: number;
  /**
   * Weight of ‖π(s) − a‖², averaged over the demonstration rows of a batch, in the actor's loss (as in DDPGfD,
   * Nair et al. 2018, and TD3+BC, Fujimoto and Gu 2021). 0 leaves the term out for good; see also `setBcWeight`.
   */
  bcWeight: number;
  seed: number;
  /** `compiled`, or a TensorFlow.js backend; see `src/compile/backends.ts`. */
  backend: string;
  /** Where the compiled stages of training run; `gpu` is for `compiled` alone. Acting, a few rows, is done on the CPU. */
  device: 'cpu' | 'gpu';
  /** Threads of a compiled learner on the CPU; null means as many as the machine offers. See `availableThreads`. */
  threads: number | null;
}

/** The published settings, with the two critics of ManiSkill's wall-clock-efficient configuration. */
export const RLPD_DEFAULTS: Omit<RlpdOptions, 'observationDim' | 'actionDim'> = {
  batchSize: 256,
  actorFeatures: [256, 256, 256],
  criticFeatures: [256, 256, 256],
  criticLayerNorm: true,
  actorLayerNorm: false,
  logStdMin: -5,
  numQs: 2,
  numMinQs: 2,
  tau: 0.005,
  actorTau: 1,
  backupEntropy: false,
  targetEntropy: null,
  initialTemperature: 1,
  learnableTemperature: true,
  actorLearningRate: 3e-4,
  criticLearningRate: 3e-4,
  temperatureLearningRate: 3e-4,
  cloneLearningRate: 3e-4,
  actorUpdateFreq: 1,
  bcWeight: 0,
  seed: 0,
  backend: 'compiled',
  device: 'cpu',
  threads: null,
};

/** Whether a learner keeps a moving average of its policy, `averageActor`. */
export function keepsAverage({ actorTau }: Pick<RlpdOptions, 'actorTau'>): boolean {
  return actorTau < 1;
}

/** Throws an error that names the first option whose value makes no sense. */
export function validateRlpdOptions(options: RlpdOptions): void {
  const counts = [
    'observationDim',
    'actionDim',
    'batchSize',
    'numQs',
    'numMinQs',
    'actorUpdateFreq',
  ] as const;
  for (const key of counts) {
    if (!Number.isInteger(options[key]) || options[key] < 1) {
      throw new RangeError(`${key} must be a positive integer, not ${options[key]}`);
    }
  }
  if (options.numMinQs > options.numQs) {
    throw new RangeError(`numMinQs (${options.numMinQs}) cannot be larger than numQs (${options.numQs})`);
  }
  for (const key of ['actorFeatures', 'criticFeatures'] as const) {
    const features = options[key];
    if (features.length === 0 || !features.every((width) => Number.isInteger(width) && width > 0)) {
      throw new RangeError(`${key} must be a list of positive integers, not [${features}]`);
    }
  }
  for (const key of ['tau', 'actorTau'] as const) {
    if (!(options[key] > 0 && options[key] <= 1)) {
      throw new RangeError(`${key} must be in (0, 1], not ${options[key]}`);
    }
  }
  if (!(options.logStdMin < LOG_STD_MAX)) {
    throw new RangeError(`logStdMin must be below ${LOG_STD_MAX}, not ${options.logStdMin}`);
  }
  if (!(options.initialTemperature > 0)) {
    throw new RangeError(`initialTemperature must be positive, not ${options.initialTemperature}`);
  }
  const rates = [
    'actorLearningRate',
    'criticLearningRate',
    'temperatureLearningRate',
    'cloneLearningRate',
  ] as const;
  for (const key of [...rates, 'bcWeight'] as const) {
    if (!(options[key] >= 0 && Number.isFinite(options[key]))) {
      throw new RangeError(`${key} must be a number of at least 0, not ${options[key]}`);
    }
  }
  if (options.threads !== null && !(Number.isInteger(options.threads) && options.threads > 0)) {
    throw new RangeError(`threads must be null or a positive integer, not ${options.threads}`);
  }
  parseBackend(options.backend);
  if (options.device !== 'cpu' && options.device !== 'gpu') {
    throw new RangeError(`device must be cpu or gpu, not ${options.device}`);
  }
  if (options.device === 'gpu' && options.backend !== 'compiled') {
    throw new RangeError(`device gpu goes with the backend "compiled", not with "${options.backend}"`);
  }
}
