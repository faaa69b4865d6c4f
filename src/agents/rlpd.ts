import { createExecutor } from '../compile/backends.js';
import type { Graph } from '../compile/graph.js';
import { defaultThreads } from '../compile/session.js';
import type { Stage, StageExecutor } from '../compile/stage.js';
import { trace } from '../compile/trace.js';
import type { TransitionBatches } from '../data/transitions.js';
import { adamScalars } from '../nn/adam.js';
import { namedStream, type RandomStream } from '../rng.js';
import type { ActionChoice, Agent, AgentState, Metrics } from './agent.js';
import { actorMetricNames } from './rlpd/actor_stages.js';
import { CRITIC_METRICS, TARGET_METRICS } from './rlpd/critic_stages.js';
import { disagreement, ensembleMetrics } from './rlpd/ensemble.js';
import { MetricMeans } from './rlpd/metric_means.js';
import { checkBatches, writeMinibatch } from './rlpd/minibatch.js';
import { buildRlpd, type RlpdModel } from './rlpd/model.js';
import { RLPD_DEFAULTS, type RlpdOptions, validateRlpdOptions } from './rlpd/options.js';
import { packState, unpackState } from './rlpd/state.js';

/** The learning rates, which may change during a run. */
export type LearningRates = Pick<
  RlpdOptions,
  'actorLearningRate' | 'criticLearningRate' | 'temperatureLearningRate' | 'cloneLearningRate'
>;

/**
 * A learner with fresh weights, its stages compiled. What is left out of `options` has the value in `RLPD_DEFAULTS`.
 * Throws, naming the option, if a value makes no sense.
 */
export async function createRlpdAgent(
  options: Partial<RlpdOptions> & Pick<RlpdOptions, 'observationDim' | 'actionDim'>,
): Promise<RlpdAgent> {
  const complete = { ...RLPD_DEFAULTS, ...options };
  validateRlpdOptions(complete);
  const executor = await createExecutor(complete.backend, complete.threads ?? defaultThreads());
  const model = buildRlpd(complete);
  await executor.prepare(Object.values(model.stages));
  return new RlpdAgent(complete, model, executor);
}

/**
 * Reinforcement Learning with Prior Data (Ball et al. 2023, algorithm 1): soft actor-critic with an ensemble of
 * layer-normalised critics, trained on batches that are half demonstrations.
 *
 * Metrics: `critic_loss` (mean squared Bellman error), `q`, `q_min`, `q_max` (critics on the batch), `q_std` (deviation
 * between the critics), `target_q`, `actor_loss` (without imitation), `entropy`, `temperature`, `temperature_loss`,
 * `critic_grad_norm`, `actor_grad_norm`, and `bc_loss` where there is imitation. Settings that may change during a run (learning rates, imitation weight) are not part of the state.
 */
export class RlpdAgent implements Agent {
  private readonly counters = { criticSteps: 0, actorSteps: 0, cloneSteps: 0 };
  private readonly streams: Record<'agent-noise' | 'critic-subset', RandomStream>;
  private readonly rates: LearningRates;
  private readonly noise: Float32Array;
  private readonly actStages = new Map<number, Stage>();

  /** Use {@link createRlpdAgent}, which prepares the executor. */
  constructor(
    private readonly options: RlpdOptions,
    private readonly model: RlpdModel,
    private readonly executor: StageExecutor,
  ) {
    const { seed, batchSize, actionDim } = options;
    this.streams = {
      'agent-noise': namedStream(seed, 'agent-noise'),
      'critic-subset': namedStream(seed, 'critic-subset'),
    };
    const { actorLearningRate, criticLearningRate, temperatureLearningRate, cloneLearningRate } = options;
    this.rates = { actorLearningRate, criticLearningRate, temperatureLearningRate, cloneLearningRate };
    this.noise = new Float32Array(batchSize * actionDim);
    const initial = model.initialState(namedStream(seed, 'agent-init'));
    for (const [name, shape] of Object.entries(model.stateShapes)) executor.write(name, initial[name], shape);
    this.writeScalar('bcWeight', options.bcWeight);
  }

  get observationDim(): number {
    return this.options.observationDim;
  }

  get actionDim(): number {
    return this.options.actionDim;
  }

  async update(batches: TransitionBatches): Promise<Metrics> {
    const { actorUpdateFreq } = this.options;
    if (batches.count % actorUpdateFreq !== 0) {
      throw new RangeError(
        `${batches.count} batches cannot be divided into rounds of actorUpdateFreq = ${actorUpdateFreq} critic steps`,
      );
    }
    return this.forEachBatch(batches, async (means, index) => {
      await this.stepCritics(means);
      if ((index + 1) % actorUpdateFreq === 0) await this.stepActor(means, batches.demoRows);
    });
  }

  async updateCritics(batches: TransitionBatches): Promise<Metrics> {
    return this.forEachBatch(batches, (means) => this.stepCritics(means));
  }

  async cloneBehaviour(batches: TransitionBatches): Promise<Metrics> {
    return this.forEachBatch(batches, async (means) => {
      this.writeNoise('noise');
      this.writeAdam('clone', this.rates.cloneLearningRate, ++this.counters.cloneSteps);
      await this.executor.run(this.model.stages.clone);
      means.addAll(['bc_loss'], this.executor.read('cloneMetrics'));
    });
  }

  async act(observations: Float32Array, actions: Float32Array, choice: ActionChoice): Promise<void> {
    const { observationDim, actionDim } = this.options;
    const rows = observations.length / observationDim;
    if (!Number.isInteger(rows) || rows === 0 || actions.length !== rows * actionDim) {
      throw new RangeError(
        `act needs observations [n, ${observationDim}] and actions [n, ${actionDim}], ` +
          `not ${observations.length} and ${actions.length} numbers`,
      );
    }
    const stage = this.actStages.get(rows) ?? (await this.prepareToAct(rows));
    const noise = this.actionNoise(choice, actions.length);
    const binding = {
      actionObservations: `actionObservations${rows}`,
      actionNoise: `actionNoise${rows}`,
      chosenActions: `chosenActions${rows}`,
    };
    this.executor.write(binding.actionObservations, observations, [rows, observationDim]);
    this.executor.write(binding.actionNoise, noise, [rows, actionDim]);
    await this.executor.run(stage, binding);
    actions.set(this.executor.read(binding.chosenActions));
  }

  /**
   * What the last `update` was about, copied: `actions` [batch × actionDim], the policy's on its last batch, and `q`
   * [numQs × batch], every critic's value of them.
   */
  lastBatch(): { q: Float32Array; actions: Float32Array } {
    const { numQs, batchSize } = this.options;
    const q = new Float32Array(numQs * batchSize);
    for (let k = 0; k < numQs; k++) q.set(this.executor.read(`policyQ${k}`), k * batchSize);
    return { q, actions: this.executor.read('policyActions') };
  }

  /**
   * The policy as the graph `observation` [n, observationDim] → `action`, `mean`, `log_std` [n, actionDim] for any n,
   * holding a copy of its weights. `action` is the mode, divided by `actionScale` [actionDim] as the environment takes
   * it; a sample is tanh(mean + exp(log_std) ∘ noise) / actionScale with standard normal noise.
   */
  exportPolicy(actionScale: Float32Array): Graph {
    const { run, inputs } = this.model.policyStage;
    const graph = trace(run, inputs, (output) => output);
    graph.fixInput('actionScale', actionScale.slice());
    for (const name of Object.keys(inputs)) {
      if (name in this.model.stateShapes) graph.fixInput(name, this.executor.read(name));
    }
    return graph;
  }

  /** From now on networks see (observation − mean) ∘ scale; both [observationDim]. Part of the state. */
  setObservationNormalisation(mean: Float32Array, scale: Float32Array): void {
    const shape = [this.options.observationDim];
    this.executor.write('observationMean', mean, shape);
    this.executor.write('observationScale', scale, shape);
  }

  /** Changes the weight of the imitation term. Throws if the learner was made without one (`bcWeight` 0). */
  setBcWeight(value: number): void {
    if (this.options.bcWeight === 0) {
      throw new Error('this learner has no behaviour-cloning term: create it with a positive bcWeight');
    }
    this.writeScalar('bcWeight', value);
  }

  /** Changes the given learning rates. */
  setLearningRates(rates: Partial<LearningRates>): void {
    Object.assign(this.rates, rates);
  }

  getState(): AgentState {
    return packState(this.executor, this.model.stateShapes, this.counters, this.streams);
  }

  setState(state: AgentState): void {
    unpackState(state, this.executor, this.model.stateShapes, this.counters, this.streams);
  }

  dispose(): Promise<void> {
    return this.executor.dispose();
  }

  /** The mode is the sample whose noise is zero; only `sample` draws from the stream. */
  private actionNoise(choice: ActionChoice, size: number): Float32Array {
    if (choice instanceof Float32Array) {
      if (choice.length === size) return choice;
      throw new RangeError(`act got ${choice.length} numbers as noise for ${size} of actions`);
    }
    const noise = new Float32Array(size);
    if (choice === 'sample') this.streams['agent-noise'].fillNormal(noise);
    return noise;
  }

  private async prepareToAct(rows: number): Promise<Stage> {
    const stage = this.model.actStage(rows);
    await this.executor.prepare([stage]);
    this.actStages.set(rows, stage);
    return stage;
  }

  private async forEachBatch(
    batches: TransitionBatches,
    step: (means: MetricMeans, index: number) => Promise<void>,
  ): Promise<Metrics> {
    checkBatches(batches, this.options);
    const means = new MetricMeans();
    for (let index = 0; index < batches.count; index++) {
      writeMinibatch(this.executor, batches, index, this.options);
      await step(means, index);
    }
    return means.means();
  }

  /** One step of every critic towards a target from a random subset of the target critics. */
  private async stepCritics(means: MetricMeans): Promise<void> {
    const { numQs, numMinQs } = this.options;
    const { target, critic } = this.model.stages;
    this.writeNoise('nextNoise');
    const subset = this.streams['critic-subset'].choose(numMinQs, numQs);
    await this.executor.run(target, Object.fromEntries(subset.map((k, i) => [`chosen${i}`, `target${k}`])));
    means.addAll(TARGET_METRICS, this.executor.read('targetMetrics'));

    this.writeAdam('critic', this.rates.criticLearningRate, ++this.counters.criticSteps);
    const groups = ['critic', 'criticFirst', 'criticSecond', 'target', 'criticMetrics'];
    const members: Float32Array[] = [];
    for (let k = 0; k < numQs; k++) {
      await this.executor.run(critic, memberBinding(groups, k));
      members.push(this.executor.read(`criticMetrics${k}`));
    }
    means.addAll(CRITIC_METRICS, ensembleMetrics(members));
  }

  /** One step of the actor and of the temperature on the batch of the last critic step. */
  private async stepActor(means: MetricMeans, demoRows: number): Promise<void> {
    const { numQs, batchSize, learnableTemperature, bcWeight } = this.options;
    const { policyActions, actionGradient, actor } = this.model.stages;
    this.writeNoise('noise');
    await this.executor.run(policyActions);
    const groups = ['critic', 'policyQ', 'actionGradient', 'demoQ'];
    const values: Float32Array[] = [];
    for (let k = 0; k < numQs; k++) {
      await this.executor.run(actionGradient, memberBinding(groups, k));
      values.push(this.executor.read(`policyQ${k}`));
    }
    means.add('q_std', disagreement(values));

    const step = ++this.counters.actorSteps;
    this.writeAdam('actor', this.rates.actorLearningRate, step);
    if (learnableTemperature) this.writeAdam('temperature', this.rates.temperatureLearningRate, step);
    if (bcWeight > 0)
      this.executor.write('demoRows', new Float32Array(batchSize).fill(1, 0, demoRows), [batchSize]);
    await this.executor.run(actor);
    means.addAll(actorMetricNames(this.options), this.executor.read('actorMetrics'));
  }

  private writeNoise(name: string): void {
    const { batchSize, actionDim } = this.options;
    this.streams['agent-noise'].fillNormal(this.noise);
    this.executor.write(name, this.noise, [batchSize, actionDim]);
  }

  private writeAdam(optimiser: string, learningRate: number, step: number): void {
    const { stepSize, epsilon } = adamScalars(learningRate, step);
    this.writeScalar(`${optimiser}StepSize`, stepSize);
    this.writeScalar(`${optimiser}Epsilon`, epsilon);
  }

  private writeScalar(name: string, value: number): void {
    this.executor.write(name, Float32Array.of(value), []);
  }
}

/** Binds a stage's groups to those of critic `k`. */
function memberBinding(groups: readonly string[], k: number): Record<string, string> {
  return Object.fromEntries(groups.map((group) => [group, `${group}${k}`]));
}
