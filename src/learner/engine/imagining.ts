import type { TerminationFunction } from '../../../envs/definition.js';
import { rowsForModels } from '../../buffers/model_rows.js';
import type { ReplayBuffer } from '../../buffers/replay_buffer.js';
import { namedStream, type RandomStream, type StreamName } from '../../rng.js';
import type { Metrics, RolloutPlan } from '../agent.js';
import type { PolicyDeclaration, PolicySizes } from '../algorithm.js';
import type { Imagination } from '../imagination.js';
import { mean } from '../metrics.js';
import type { Engine } from './engine.js';
import { ModelStages, ROWS } from './model_stages.js';

const STREAMS = [
  'imagined-states',
  'imagined-actions',
  'imagined-outcomes',
  'imagined-members',
] as const satisfies StreamName[];

/** The sums over all steps of some rollouts. */
interface Tally {
  steps: number;
  rewards: number;
  doubts: number;
  ends: number;
}

/** The rollouts that an algorithm makes with its model, and the choice of the members that they go by. */
export class Imagining {
  readonly streams: Readonly<Record<(typeof STREAMS)[number], RandomStream>>;
  private readonly stages: ModelStages;
  private elites: number[];
  /** Updates since the last rollouts; so many at first that they are due. */
  private updates: number;

  constructor(
    private readonly rule: Imagination,
    policy: PolicyDeclaration,
    engine: Engine,
    private readonly sizes: PolicySizes,
    seed: number,
  ) {
    this.stages = new ModelStages(rule, policy, engine, sizes);
    this.elites = Array.from({ length: rule.elites }, (_, k) => k);
    this.updates = rule.every;
    this.streams = Object.fromEntries(
      STREAMS.map((name) => [name, namedStream(seed, name)]),
    ) as Imagining['streams'];
  }

  get plan(): RolloutPlan {
    const { realShare, rollouts, steps, kept, every } = this.rule;
    return {
      realShare,
      capacity: rollouts * steps * kept,
      updatesLeft: Math.max(0, every - this.updates),
    };
  }

  countUpdates(count: number): void {
    this.updates += count;
  }

  /** Chooses the members that err least on the transitions that are held out. Returns their mean squared error. */
  async judge(data: ReplayBuffer): Promise<Metrics> {
    const errors = await this.memberErrors(data);
    const order = errors.map((_, k) => k).sort((a, b) => errors[a] - errors[b] || a - b);
    this.elites = order.slice(0, this.rule.elites);
    return { error: mean(this.elites.map((k) => errors[k])) };
  }

  /** Makes rollouts from observations of `data`, and adds their steps to `into`. Returns what they are like on average. */
  async imagine(data: ReplayBuffer, into: ReplayBuffer, terminated: TerminationFunction): Promise<Metrics> {
    const { rollouts, steps } = this.rule;
    const { observationDim } = this.sizes;
    await this.stages.copyWeights();
    let observations: Float32Array = new Float32Array(rollouts * observationDim);
    const states = this.streams['imagined-states'];
    for (let i = 0; i < rollouts; i++) data.copy('observations', states.integer(data.size), observations, i);
    const tally = { steps: 0, rewards: 0, doubts: 0, ends: 0 };
    for (let step = 0; step < steps && observations.length > 0; step++) {
      observations = await this.stepAll(observations, into, terminated, tally);
    }
    this.updates = 0;
    return {
      imagined_reward: tally.rewards / tally.steps,
      imagined_doubt: tally.doubts / tally.steps,
      imagined_end_rate: tally.ends / rollouts,
    };
  }

  /** The counters that are part of an agent's state. */
  get counters(): Record<string, number> {
    const elites = this.elites.map((member, i) => [`elite${i}`, member] as const);
    return { ...Object.fromEntries(elites), updatesSinceRollouts: this.updates };
  }

  setCounters(counters: Record<string, number>): void {
    this.elites = this.elites.map((_, i) => counters[`elite${i}`]);
    this.updates = counters['updatesSinceRollouts'];
  }

  private async memberErrors(data: ReplayBuffer): Promise<number[]> {
    await this.stages.copyWeights();
    const { arrays, run } = await this.stages.errors();
    const sums = new Float64Array(this.rule.model.members);
    const { held } = rowsForModels(data);
    if (held.length === 0)
      throw new RangeError('no transition is held out to judge a model by: there are too few');
    for (let first = 0; first < held.length; first += ROWS) {
      const rows = held.subarray(first, first + ROWS);
      rows.forEach((row, i) => {
        data.copy('observations', row, arrays['seen'], i);
        data.copy('actions', row, arrays['actions'], i);
        data.copy('nextObservations', row, arrays['next'], i);
        arrays['rewards'][i] = data.rewardOf(row);
      });
      await run();
      sums.forEach((_, k) => {
        for (let i = 0; i < rows.length; i++) sums[k] += arrays[`errors${k}`][i];
      });
    }
    return [...sums].map((sum) => sum / held.length);
  }

  /** One step of all rollouts. Returns the observations of those that go on. */
  private async stepAll(
    observations: Float32Array,
    into: ReplayBuffer,
    terminated: TerminationFunction,
    tally: Tally,
  ): Promise<Float32Array> {
    const width = ROWS * this.sizes.observationDim;
    const goingOn = new Float32Array(observations.length);
    let kept = 0;
    for (let start = 0; start < observations.length; start += width) {
      const part = await this.stepSome(observations.subarray(start, start + width), into, terminated, tally);
      goingOn.set(part, kept);
      kept += part.length;
    }
    return goingOn.subarray(0, kept);
  }

  private async stepSome(
    observations: Float32Array,
    into: ReplayBuffer,
    terminated: TerminationFunction,
    tally: Tally,
  ): Promise<Float32Array> {
    const { observationDim, actionDim } = this.sizes;
    const rows = observations.length / observationDim;
    const { arrays, run } = await this.stages.step();
    const first = (name: string, width: number) => arrays[name].subarray(0, rows * width);
    first('seen', observationDim).set(observations);
    this.streams['imagined-actions'].fillNormal(first('actionNoise', actionDim));
    this.streams['imagined-outcomes'].fillNormal(first('noise', observationDim + 1));
    this.choose(first('chosen', this.rule.model.members), rows);
    await run();
    const actions = first('actions', actionDim);
    const nextObservations = first('next', observationDim);
    const rewards = first('rewards', 1);
    const ends = terminated(observations, actions, nextObservations);
    // No row of a rollout is followed by the next one in the buffer.
    const truncated = new Uint8Array(rows).fill(1);
    into.add({ observations, actions, rewards, nextObservations, terminated: ends, truncated });
    tally.steps += rows;
    for (let i = 0; i < rows; i++) {
      tally.rewards += rewards[i];
      tally.doubts += arrays['doubts'][i];
      tally.ends += ends[i];
    }
    return nextObservations.filter((_, i) => ends[Math.floor(i / observationDim)] === 0);
  }

  /** Writes a 1 for an elite into each row [rows, members], and 0 for all others. */
  private choose(chosen: Float32Array, rows: number): void {
    const { members } = this.rule.model;
    const stream = this.streams['imagined-members'];
    chosen.fill(0);
    for (let i = 0; i < rows; i++) chosen[i * members + this.elites[stream.integer(this.elites.length)]] = 1;
  }
}
