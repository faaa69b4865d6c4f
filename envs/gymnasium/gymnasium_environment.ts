import { checkAction, checkObservation, checkRows } from '../checks.js';
import type {
  Environment,
  EnvironmentOptions,
  EnvironmentSpec,
  EnvironmentState,
  StepOutcome,
} from '../env.js';
import { RandomStream } from '../random.js';
import { gymnasiumSpec } from './spec.js';
import type { GymnasiumTask, Simulation } from './task.js';

/** Creates the environment of a task; loads its physics engine on first use. */
export async function createGymnasiumEnvironment(
  task: GymnasiumTask,
  options: EnvironmentOptions,
): Promise<Environment> {
  const spec = gymnasiumSpec(task, options);
  return new GymnasiumEnvironment(task, spec, await task.simulate());
}

/**
 * The environment contract around a task of Gymnasium and what moves in it. The reward is one of a step: there is none
 * before the first step of an episode, or in a state that was set.
 */
class GymnasiumEnvironment implements Environment {
  private readonly random = new RandomStream(0);
  /** [observationDim]: the observation in full precision, without limits. */
  private readonly observed: Float64Array;
  private elapsedSteps = 0;
  private readonly terms: Record<string, number>;
  private readonly outcome: StepOutcome;

  constructor(
    private readonly task: GymnasiumTask,
    readonly spec: EnvironmentSpec,
    private readonly simulation: Simulation,
  ) {
    this.observed = new Float64Array(spec.observationDim);
    this.terms = Object.seal(Object.fromEntries(task.rewardTerms.map((name) => [name, 0])));
    this.outcome = {
      reward: 0,
      terminated: false,
      truncated: false,
      success: false,
      flags: {},
      numbers: {},
      rewardTerms: this.terms,
    };
    this.restart(0);
  }

  reset(seed: number, observation: Float32Array): void {
    checkObservation(observation, this.spec);
    this.restart(seed);
    this.writeObservation(observation);
  }

  resetTo(state: EnvironmentState, seed: number | null, observation: Float32Array): void {
    checkObservation(observation, this.spec);
    this.checkState(state);
    this.restart(seed ?? 0);
    this.setState(state);
    this.writeObservation(observation);
  }

  step(action: Float32Array, observation: Float32Array): StepOutcome {
    checkObservation(observation, this.spec);
    checkAction(action, this.spec);
    this.simulation.step(action, this.terms);
    this.elapsedSteps++;
    this.assess();
    this.writeObservation(observation);
    return this.outcome;
  }

  observe(observation: Float32Array): void {
    checkObservation(observation, this.spec);
    this.writeObservation(observation);
  }

  evaluate(): StepOutcome {
    return this.outcome;
  }

  getState(): EnvironmentState {
    return this.simulation.read();
  }

  setState(state: EnvironmentState): void {
    this.checkState(state);
    this.simulation.write(state);
    this.forgetReward();
    this.assess();
  }

  checkState({ actors, articulations, memory, geometry }: EnvironmentState): void {
    const { rows } = this.simulation;
    const { id } = this.task;
    checkRows(id, 'actor', actors, {});
    checkRows(id, 'articulation', articulations, rows.articulations);
    if (memory) checkRows(id, 'memory', memory, rows.memory);
    if (geometry) checkRows(id, 'geometry', geometry, {});
  }

  close(): void {
    this.simulation.close();
  }

  private restart(seed: number): void {
    this.random.reseed(seed);
    this.simulation.restart(this.random);
    this.elapsedSteps = 0;
    this.forgetReward();
    this.assess();
  }

  private forgetReward(): void {
    for (const name in this.terms) this.terms[name] = 0;
  }

  /** Updates the observation and the outcome to the present state. */
  private assess(): void {
    const { task, spec, simulation, observed, outcome, terms } = this;
    simulation.observe(observed);
    outcome.terminated = task.isTerminal(observed, 0);
    outcome.truncated = this.elapsedSteps >= spec.maxEpisodeSteps;
    outcome.reward = 0;
    if (spec.rewardMode !== 'none') for (const name in terms) outcome.reward += terms[name];
  }

  private writeObservation(out: Float32Array): void {
    let at = 0;
    for (const { size, limit = Number.POSITIVE_INFINITY } of this.task.observation) {
      for (const end = at + size; at < end; at++)
        out[at] = Math.max(-limit, Math.min(limit, this.observed[at]));
    }
  }
}
