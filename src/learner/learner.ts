import type { TerminationFunction } from '../../envs/definition.js';
import type { PriorityRule } from '../buffers/balanced_sampler.js';
import { isOptional, type OptionalColumn, REWARD_COLUMNS } from '../buffers/columns.js';
import type { ReplayBuffer } from '../buffers/replay_buffer.js';
import type { TransitionBatches } from '../buffers/transitions.js';
import type { Graph } from '../compile/graph.js';
import { groupSize } from '../compile/local_arrays.js';
import { trace } from '../compile/trace.js';
import { namedStream, type RandomStream } from '../rng.js';
import type { Provider } from '../runtime/contract.js';
import type { ActionChoice, Agent, AgentState, Course, Metrics, RolloutPlan } from './agent.js';
import {
  type Algorithm,
  type Declaration,
  declaredPhases,
  type PhaseDeclaration,
  type PhaseName,
  type Sizes,
} from './algorithm.js';
import { Acting } from './engine/acting.js';
import { checkBatches, writeColumns } from './engine/batch_columns.js';
import { noteDuals } from './engine/dual_stepper.js';
import { type ComputeOptions, checkCompute, Engine } from './engine/engine.js';
import { drawWeights, initialiseShared } from './engine/fresh_state.js';
import { Imagining } from './engine/imagining.js';
import { CHUNK } from './engine/memory.js';
import { modelOf } from './engine/model.js';
import { type Pattern, patternOf } from './engine/phase_program.js';
import { Refreshing } from './engine/refreshing.js';
import { SharedRecord } from './engine/shared_record.js';
import { UpdateInputs } from './engine/update_inputs.js';
import { Weighing } from './engine/weighing.js';
import { MetricMeans } from './metric_means.js';
import { checkState, packState } from './state.js';
import type { DeclaredNetwork, Value } from './step.js';
import { type ObservationView, plainView } from './view/observation_view.js';

/** The beginning of a learner's randomness, what it sees, and where it computes. */
export interface LearnerOptions extends Partial<ComputeOptions> {
  seed: number;
  /** The numbers that networks see of observations; all of them, and no others, if left out. */
  view?: ObservationView;
}

/**
 * An agent that learns by an algorithm, with fresh weights, its stages compiled. Options that are left out have the
 * algorithm's defaults. Throws, naming the option, if a value makes no sense, and a UserError if a package or a GPU
 * that it needs is missing.
 */
export async function createLearner<Options>(
  algorithm: Algorithm<Options>,
  options: Partial<Options>,
  sizes: Sizes,
  { seed, view = plainView(sizes.observationDim), ...place }: LearnerOptions,
): Promise<Agent> {
  const { backend = 'compiled', device = 'cpu', threads = null } = place;
  const compute = { backend, device, threads };
  checkSizes(sizes);
  checkCompute(compute);
  const seen = { ...sizes, observationDim: view.seenDim };
  const declaration = algorithm.declare(parseOptions(algorithm, options), seen);
  if (declaration.imagination && view.seenDim !== sizes.observationDim) {
    throw new RangeError(
      `${algorithm.name} models observations as they are: it can't have another view of them`,
    );
  }
  const engine = await Engine.create(declaration, seen, compute);
  const fresh = engine.emptyState();
  drawWeights(declaration, fresh, namedStream(seed, 'agent-init'));
  await engine.restore(fresh);
  initialiseShared(declaration, engine.shared);
  return new Learner(algorithm.name, declaration, engine, sizes, view, seed);
}

/** The columns that agents of an algorithm read and not all batches have: see `Agent.columns`. They don't depend on sizes. */
export function columnsReadBy<Options>(
  algorithm: Algorithm<Options>,
  options: Partial<Options>,
): OptionalColumn[] {
  return [...smallModel(algorithm, options).columns].filter(isOptional);
}

/** True if agents of an algorithm learn from rewards. Those that imitate don't. */
export function readsRewards<Options>(algorithm: Algorithm<Options>, options: Partial<Options>): boolean {
  const { declaration, reads } = smallModel(algorithm, options);
  const isMade = declaration.refresh !== undefined || declaration.imagination !== undefined;
  return isMade || REWARD_COLUMNS.some((name) => reads.has(name));
}

function smallModel<Options>(algorithm: Algorithm<Options>, options: Partial<Options>) {
  const sizes = { observationDim: 1, actionDim: 1, batchSize: 2 };
  return modelOf(algorithm.declare(parseOptions(algorithm, options), sizes), sizes, 1);
}

/** An agent made of an algorithm's declaration and the engine that carries it out. */
class Learner implements Agent {
  private readonly inputs: UpdateInputs;
  private readonly acting: Acting;
  private readonly record: SharedRecord;
  private readonly refreshing: Refreshing | null;
  private readonly imagining: Imagining | null;
  private readonly weighing: Weighing | null;
  /** The last update of a chunk in which the values to show were computed. */
  private lastShown = 0;

  constructor(
    readonly algorithm: string,
    private readonly declaration: Declaration,
    private readonly engine: Engine,
    private readonly sizes: Sizes,
    private readonly view: ObservationView,
    seed: number,
  ) {
    this.inputs = new UpdateInputs(engine.model, engine.shared, seed);
    this.acting = new Acting(declaration.policy, engine, sizes, view);
    this.record = new SharedRecord(engine.model, engine.shared);
    const { refresh, imagination, balance, policy } = declaration;
    this.refreshing = refresh ? new Refreshing(refresh, engine, sizes.observationDim, view) : null;
    this.weighing = balance ? new Weighing(balance.ratio, engine, sizes, view) : null;
    this.imagining = imagination ? new Imagining(imagination, policy, engine, sizes, seed) : null;
  }

  get observationDim(): number {
    return this.sizes.observationDim;
  }

  get actionDim(): number {
    return this.sizes.actionDim;
  }

  get networks(): readonly DeclaredNetwork[] {
    return this.declaration.networks;
  }

  get distribution(): string {
    return this.declaration.policy.distribution;
  }

  get phases(): readonly PhaseName[] {
    return declaredPhases(this.declaration).map(([name]) => name);
  }

  get columns(): readonly OptionalColumn[] {
    return [...this.engine.model.columns].filter(isOptional);
  }

  get provider(): Provider {
    return this.engine.provider;
  }

  get stateBytes(): number {
    return Float32Array.BYTES_PER_ELEMENT * groupSize(this.stateShapes);
  }

  async update(
    batches: TransitionBatches,
    phase: PhaseName = this.declaration.phases.online ? 'online' : 'offline',
    course: Course | null = null,
  ): Promise<Metrics> {
    const declared = this.phase(phase);
    const { model, shared } = this.engine;
    checkBatches(batches, this.sizes, this.columns);
    const means = new MetricMeans();
    for (let first = 0; first < batches.count; first += CHUNK) {
      const count = Math.min(CHUNK, batches.count - first);
      writeColumns(shared, model.columns, batches, first, count, this.view);
      noteDuals(model, shared);
      const pattern = patternOf(declared.steps, this.inputs.updatesOf(phase), count);
      pattern.forEach((runs, update) => {
        this.inputs.prepare(
          update,
          declared.steps.filter((_, i) => runs[i]),
          course && { ...course, done: course.done + first + update },
        );
      });
      await this.engine.run(phase, pattern);
      this.addMetrics(means, declared, pattern);
    }
    this.refreshing?.countUpdates(batches.count);
    if (phase === 'offline') this.imagining?.countUpdates(batches.count);
    return means.means();
  }

  get updatesUntilRefresh(): number {
    return this.refreshing?.updatesLeft ?? Number.POSITIVE_INFINITY;
  }

  async refresh(buffers: readonly ReplayBuffer[], discount: number): Promise<void> {
    if (!this.refreshing) throw new RangeError(`${this.algorithm} makes no columns of its own`);
    await this.refreshing.refresh(buffers, discount);
  }

  get rollouts(): RolloutPlan | null {
    return this.imagining?.plan ?? null;
  }

  judgeModel(data: ReplayBuffer): Promise<Metrics> {
    return this.model().judge(data);
  }

  imagine(data: ReplayBuffer, into: ReplayBuffer, terminated: TerminationFunction): Promise<Metrics> {
    return this.model().imagine(data, into, terminated);
  }

  get balance(): PriorityRule | null {
    const { balance } = this.declaration;
    return balance ? { temperature: balance.temperature, firstOnlineShare: balance.firstOnlineShare } : null;
  }

  async ratiosOf(observations: Float32Array, actions: Float32Array): Promise<Float32Array> {
    if (!this.weighing) throw new RangeError(`${this.algorithm} has no ratio of experience to data`);
    return this.weighing.ratiosOf(observations, actions);
  }

  async act(observations: Float32Array, actions: Float32Array, choice: ActionChoice): Promise<void> {
    const { observationDim, actionDim } = this;
    const rows = observations.length / observationDim;
    if (!Number.isInteger(rows) || rows === 0 || actions.length !== rows * actionDim) {
      throw new RangeError(
        `act needs observations [n, ${observationDim}] and actions [n, ${actionDim}], ` +
          `not ${observations.length} and ${actions.length} numbers`,
      );
    }
    const noise = this.actionNoise(choice, actions.length);
    await this.acting.act(rows, observations, noise, actions, choice === 'sample');
  }

  lastBatch(): { q: Float32Array; actions: Float32Array } | null {
    const { shown } = this.declaration.policy;
    const copy = (value: Value) => this.record.at(this.lastShown).rows(value).slice();
    return shown && { q: copy(shown.q), actions: copy(shown.actions) };
  }

  exportPolicy(actionScale: Float32Array): Graph {
    const { stage, arrays } = this.acting.exported();
    const graph = trace(stage.run, stage.inputs, (output) => output);
    graph.fixInput('actionScale', actionScale.slice());
    for (const [name, array] of arrays) graph.fixInput(name, array.slice());
    return graph;
  }

  setObservationNormalisation(mean: Float32Array, scale: Float32Array): void {
    const { observationDim } = this;
    for (const [name, values] of Object.entries({ observationMean: mean, observationScale: scale })) {
      if (values.length !== observationDim) {
        throw new RangeError(`${name} must hold ${observationDim} numbers, not ${values.length}`);
      }
      this.engine.shared.get(name).set(values);
    }
  }

  advance(envSteps: number): void {
    for (const { name, at } of this.declaration.settings ?? []) {
      this.engine.shared.get(name)[0] = at(envSteps);
    }
  }

  setLearningRate(optimiser: string, value: number): void {
    this.inputs.setLearningRate(optimiser, value);
  }

  async getState(): Promise<AgentState> {
    const { ownShapes, sharedShapes } = this.engine.model;
    const own = await this.engine.save();
    const arrays = {
      ...Object.fromEntries(Object.keys(ownShapes).map((name) => [name, own.get(name).slice()])),
      ...Object.fromEntries(
        Object.keys(sharedShapes).map((name) => [name, this.engine.shared.get(name).slice()]),
      ),
    };
    return packState(this.algorithm, arrays, this.stateShapes, this.counters, this.streams);
  }

  async setState(state: AgentState): Promise<void> {
    const { streams } = this;
    const { counters } = this.inputs;
    checkState(state, this.algorithm, this.stateShapes, this.counters, streams);
    const { ownShapes, sharedShapes } = this.engine.model;
    const own = this.engine.emptyState();
    for (const name of Object.keys(ownShapes)) own.write(name, state.tensors[name].data);
    await this.engine.restore(own);
    for (const name of Object.keys(sharedShapes)) this.engine.shared.write(name, state.tensors[name].data);
    for (const name of Object.keys(counters)) counters[name] = state.counters[name];
    this.refreshing?.setCounters(state.counters);
    this.imagining?.setCounters(state.counters);
    for (const [name, stream] of Object.entries(streams)) stream.setState(state.streams[name]);
  }

  dispose(): Promise<void> {
    return this.engine.dispose();
  }

  private get counters(): Record<string, number> {
    return { ...this.inputs.counters, ...this.refreshing?.counters, ...this.imagining?.counters };
  }

  private get streams(): Record<string, RandomStream> {
    return { ...this.inputs.streams, ...this.imagining?.streams };
  }

  private model(): Imagining {
    if (this.imagining) return this.imagining;
    throw new RangeError(`${this.algorithm} has no model of the environment`);
  }

  private get stateShapes() {
    const { ownShapes, sharedShapes } = this.engine.model;
    return { ...ownShapes, ...sharedShapes };
  }

  private phase(name: PhaseName): PhaseDeclaration {
    const { phases } = this.declaration;
    const phase = Object.hasOwn(phases, name) ? phases[name] : undefined;
    if (phase) return phase;
    throw new RangeError(`${this.algorithm} has no phase "${name}"; it has: ${this.phases.join(', ')}`);
  }

  private addMetrics(means: MetricMeans, { steps, metrics }: PhaseDeclaration, pattern: Pattern): void {
    const shownBy = this.declaration.policy.shown?.q.step;
    pattern.forEach((runs, update) => {
      const ran = new Set(steps.filter((_, i) => runs[i]).map(({ name }) => name));
      for (const { name, after, of } of metrics)
        if (ran.has(after.name)) means.add(name, of(this.record.at(update)));
      if (shownBy && ran.has(shownBy.name)) this.lastShown = update;
    });
  }

  /**
   * The noise of a choice of actions. The mode is the sample whose noise is zero; only `sample` draws from the stream.
   */
  private actionNoise(choice: ActionChoice, size: number): Float32Array {
    if (choice instanceof Float32Array) {
      if (choice.length === size) return choice;
      throw new RangeError(`act got ${choice.length} numbers as noise for ${size} of actions`);
    }
    const noise = new Float32Array(size);
    if (choice === 'sample') this.inputs.streams['agent-noise'].fillNormal(noise);
    return noise;
  }
}

function parseOptions<Options>({ name, options: schema }: Algorithm<Options>, options: unknown): Options {
  const { data, error } = schema.safeParse(options);
  if (!error) return data;
  const problems = error.issues.map(({ path, message }) => `${path.join('.') || 'options'}: ${message}`);
  throw new RangeError(`${name}: ${problems.join('; ')}`);
}

function checkSizes(sizes: Sizes): void {
  for (const [key, value] of Object.entries(sizes)) {
    if (!Number.isInteger(value) || value < 1) {
      throw new RangeError(`${key} must be a positive integer, not ${value}`);
    }
  }
}
