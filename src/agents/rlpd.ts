import type { Graph } from '../compile/graph.js';
import { groupSize } from '../compile/local_arrays.js';
import type { Provider } from '../compile/session.js';
import { bound } from '../compile/stage.js';
import { trace } from '../compile/trace.js';
import type { TransitionBatches } from '../data/transitions.js';
import { adamScalars } from '../nn/adam.js';
import type { NamedShapes } from '../nn/parameters.js';
import { namedStream, type RandomStream } from '../rng.js';
import type { ActionChoice, Agent, AgentState, Metrics } from './agent.js';
import { checkBatches, writeChunk } from './rlpd/chunk.js';
import { ACTOR_METRICS, CHUNK, CRITIC_METRICS } from './rlpd/exchange.js';
import { LearnerTeam } from './rlpd/learner_team.js';
import { MetricMeans } from './rlpd/metric_means.js';
import { cloneLoss, ensembleMetrics } from './rlpd/metrics.js';
import { buildRlpd, type RlpdModel } from './rlpd/model.js';
import { keepsAverage, RLPD_DEFAULTS, type RlpdOptions, validateRlpdOptions } from './rlpd/options.js';
import { checkState, packState } from './rlpd/state.js';

/** The learning rates, which may change during a run. */
export type LearningRates = Pick<
  RlpdOptions,
  'actorLearningRate' | 'criticLearningRate' | 'temperatureLearningRate' | 'cloneLearningRate'
>;

/**
 * A learner with fresh weights, its stages compiled. What is left out of `options` has the value in `RLPD_DEFAULTS`.
 * Throws, naming the option, if a value makes no sense, and a UserError if a package or a GPU that it needs is missing.
 */
export async function createRlpdAgent(
  options: Partial<RlpdOptions> & Pick<RlpdOptions, 'observationDim' | 'actionDim'>,
): Promise<RlpdAgent> {
  const complete = { ...RLPD_DEFAULTS, ...options };
  validateRlpdOptions(complete);
  const model = buildRlpd(complete);
  const team = await LearnerTeam.create(complete, model);
  await team.load(model.initialState(namedStream(complete.seed, 'agent-init')));
  return new RlpdAgent(complete, model, team);
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
  private readonly stateShapes: NamedShapes;
  private readonly actArrays = new Map<number, ActArrays>();

  /** Use {@link createRlpdAgent}, which starts the threads. */
  constructor(
    private readonly options: RlpdOptions,
    private readonly model: RlpdModel,
    private readonly team: LearnerTeam,
  ) {
    const { seed, actorLearningRate, criticLearningRate } = options;
    const { temperatureLearningRate, cloneLearningRate } = options;
    this.streams = {
      'agent-noise': namedStream(seed, 'agent-noise'),
      'critic-subset': namedStream(seed, 'critic-subset'),
    };
    this.rates = { actorLearningRate, criticLearningRate, temperatureLearningRate, cloneLearningRate };
    this.stateShapes = { ...model.ownShapes, ...model.sharedShapes };
    this.team.shared.get('bcWeight')[0] = options.bcWeight;
  }

  get observationDim(): number {
    return this.options.observationDim;
  }

  get actionDim(): number {
    return this.options.actionDim;
  }

  /** What trains, if the backend is the compiled one: a provider of ONNX Runtime. */
  get provider(): Provider {
    return this.team.provider;
  }

  /** What the arrays of its state take. */
  get stateBytes(): number {
    return Float32Array.BYTES_PER_ELEMENT * groupSize(this.stateShapes);
  }

  async update(batches: TransitionBatches): Promise<Metrics> {
    const { actorUpdateFreq } = this.options;
    if (batches.count % actorUpdateFreq !== 0) {
      throw new RangeError(
        `${batches.count} batches cannot be divided into rounds of actorUpdateFreq = ${actorUpdateFreq} critic steps`,
      );
    }
    const stepsActor = (update: number) => (update + 1) % actorUpdateFreq === 0;
    return this.forEachChunk(batches, async (means, first, count) => {
      for (let update = 0; update < count; update++) this.drawUpdate(update, stepsActor(first + update));
      await this.team.run({ kind: 'update', count });
      for (let update = 0; update < count; update++) {
        this.addMetrics(means, update, stepsActor(first + update));
      }
    });
  }

  async cloneBehaviour(batches: TransitionBatches): Promise<Metrics> {
    return this.forEachChunk(batches, async (means, _, count) => {
      for (let update = 0; update < count; update++) {
        this.drawNoise('noise', update);
        this.writeAdam('actor', update, this.rates.cloneLearningRate, ++this.counters.cloneSteps);
      }
      await this.team.run({ kind: 'clone', count });
      for (let update = 0; update < count; update++)
        means.add('bc_loss', cloneLoss(this.team.shared, update));
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
    const noise = this.actionNoise(choice, actions.length);
    const arrays = this.actArrays.get(rows) ?? (await this.prepareToAct(rows));
    arrays.observations.set(observations);
    arrays.noise.set(noise);
    await this.team.executor.run(`act${rows}`, {
      actor: choice === 'sample' ? 'actor' : this.usedActor,
      actionObservations: `actionObservations${rows}`,
      actionNoise: `actionNoise${rows}`,
      chosenActions: `chosenActions${rows}`,
    });
    actions.set(arrays.chosen);
  }

  /**
   * What the last `update` was about, copied: `actions` [batch × actionDim], the policy's on its last batch, and `q`
   * [numQs × batch], every critic's value of them.
   */
  lastBatch(): { q: Float32Array; actions: Float32Array } {
    const { shared } = this.team;
    return { q: shared.get('policyQ').slice(), actions: shared.get('policyActions').slice() };
  }

  /**
   * The policy as the graph `observation` [n, observationDim] → `action`, `mean`, `log_std` [n, actionDim] for any n,
   * holding a copy of its weights, or of their average. `action` is the mode, divided by `actionScale` [actionDim] as the
   * environment takes it; a sample is tanh(mean + exp(log_std) ∘ noise) / actionScale with standard normal noise.
   */
  exportPolicy(actionScale: Float32Array): Graph {
    const { run, inputs } = this.model.policyStage;
    const graph = trace(run, inputs, (output) => output);
    graph.fixInput('actionScale', actionScale.slice());
    const { executor, shared } = this.team;
    for (const name of Object.keys(inputs)) {
      const stored = bound(name, { actor: this.usedActor }).name;
      const array = executor.local.find(stored) ?? shared.find(stored);
      if (array) graph.fixInput(name, array.slice());
    }
    return graph;
  }

  /** From now on networks see (observation − mean) ∘ scale; both [observationDim]. Part of the state. */
  setObservationNormalisation(mean: Float32Array, scale: Float32Array): void {
    this.team.shared.write('observationMean', mean);
    this.team.shared.write('observationScale', scale);
  }

  /** Changes the weight of the imitation term. Throws if the learner was made without one (`bcWeight` 0). */
  setBcWeight(value: number): void {
    if (this.options.bcWeight === 0) {
      throw new Error('this learner has no behaviour-cloning term: create it with a positive bcWeight');
    }
    this.team.shared.get('bcWeight')[0] = value;
  }

  /** Changes the given learning rates. */
  setLearningRates(rates: Partial<LearningRates>): void {
    Object.assign(this.rates, rates);
  }

  async getState(): Promise<AgentState> {
    return packState(await this.team.save(), this.stateShapes, this.counters, this.streams);
  }

  async setState(state: AgentState): Promise<void> {
    checkState(state, this.stateShapes, this.counters, this.streams);
    const arrays = Object.entries(state.tensors).map(([name, { data }]) => [name, data] as const);
    await this.team.load(Object.fromEntries(arrays));
    Object.assign(this.counters, state.counters);
    for (const [name, stream] of Object.entries(this.streams)) stream.setState(state.streams[name]);
  }

  dispose(): Promise<void> {
    return this.team.dispose();
  }

  /** The weights of the policy for all uses but exploration. */
  private get usedActor(): string {
    return keepsAverage(this.options) ? 'averageActor' : 'actor';
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

  private async prepareToAct(rows: number): Promise<ActArrays> {
    const { observationDim, actionDim } = this.options;
    await this.team.prepare(this.model.actStage(rows));
    const { local } = this.team.executor;
    const arrays = {
      observations: local.add(`actionObservations${rows}`, rows * observationDim),
      noise: local.add(`actionNoise${rows}`, rows * actionDim),
      chosen: local.add(`chosenActions${rows}`, rows * actionDim),
    };
    this.actArrays.set(rows, arrays);
    return arrays;
  }

  private async forEachChunk(
    batches: TransitionBatches,
    run: (means: MetricMeans, first: number, count: number) => Promise<void>,
  ): Promise<Metrics> {
    checkBatches(batches, this.options);
    const means = new MetricMeans();
    for (let first = 0; first < batches.count; first += CHUNK) {
      const count = Math.min(CHUNK, batches.count - first);
      writeChunk(this.team.shared, batches, first, count, this.options);
      await run(means, first, count);
    }
    return means.means();
  }

  /** Draws what is random in an update and says how far its optimisers go. */
  private drawUpdate(update: number, stepsActor: boolean): void {
    const { shared } = this.team;
    const { numQs, numMinQs } = this.options;
    this.drawNoise('nextNoise', update);
    shared.get('chosen').set(this.streams['critic-subset'].choose(numMinQs, numQs), update * numMinQs);
    this.writeAdam('critic', update, this.rates.criticLearningRate, ++this.counters.criticSteps);
    shared.get('stepsActor')[update] = stepsActor ? 1 : 0;
    if (!stepsActor) return;
    this.drawNoise('noise', update);
    const step = ++this.counters.actorSteps;
    this.writeAdam('actor', update, this.rates.actorLearningRate, step);
    this.writeAdam('temperature', update, this.rates.temperatureLearningRate, step);
  }

  private addMetrics(means: MetricMeans, update: number, stepsActor: boolean): void {
    const { shared } = this.team;
    means.add('target_q', shared.get('targetMetrics')[update]);
    means.addAll(CRITIC_METRICS, ensembleMetrics(shared, this.options, update));
    if (!stepsActor) return;
    const names = this.options.bcWeight > 0 ? ACTOR_METRICS : ACTOR_METRICS.slice(0, -1);
    means.addAll(names, shared.get('actorMetrics').subarray(update * ACTOR_METRICS.length));
  }

  private drawNoise(name: 'noise' | 'nextNoise', update: number): void {
    const size = this.options.batchSize * this.options.actionDim;
    const noise = this.team.shared.get(name).subarray(update * size, (update + 1) * size);
    this.streams['agent-noise'].fillNormal(noise);
  }

  private writeAdam(optimiser: string, update: number, learningRate: number, step: number): void {
    const { stepSize, epsilon } = adamScalars(learningRate, step);
    this.team.shared.get(`${optimiser}StepSize`)[update] = stepSize;
    this.team.shared.get(`${optimiser}Epsilon`)[update] = epsilon;
  }
}

/** Where the policy's inputs and outputs for so many rows lie. */
interface ActArrays {
  observations: Float32Array;
  noise: Float32Array;
  chosen: Float32Array;
}
