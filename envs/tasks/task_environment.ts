import type {
  Environment,
  EnvironmentOptions,
  EnvironmentSpec,
  EnvironmentState,
  ObservationPart,
  StepOutcome,
} from '../env.js';
import { type Controller, makeController } from '../panda/controllers.js';
import { ROBOT_JOINTS } from '../panda/model.js';
import { PandaWorld } from '../physics/panda_world.js';
import { loadRapier } from '../physics/rapier.js';
import { RandomStream } from '../random.js';
import { EpisodeRandomization } from './episode_randomization.js';
import { readState, writeState } from './state_dict.js';
import type { Task } from './task.js';

const AT_REST = new Float64Array(ROBOT_JOINTS);

/** Creates the environment of a task; loads the physics engine on first use. Throws on an unknown control mode. */
export async function createTaskEnvironment(task: Task, options: EnvironmentOptions): Promise<Environment> {
  await loadRapier();
  return new TaskEnvironment(task, options);
}

/** Everything that the tasks have in common: the environment contract around a {@link Task} and its world. */
class TaskEnvironment implements Environment {
  readonly spec: EnvironmentSpec;
  private readonly world: PandaWorld;
  private readonly controller: Controller;
  private readonly random = new RandomStream(0);
  private readonly startQpos = new Float64Array(ROBOT_JOINTS);
  private readonly randomization: EpisodeRandomization;
  private elapsedSteps = 0;
  private readonly outcome: StepOutcome = {
    reward: 0,
    terminated: false,
    truncated: false,
    success: false,
    flags: {},
    rewardTerms: {},
  };

  constructor(
    private readonly task: Task,
    options: EnvironmentOptions,
  ) {
    this.controller = makeController(options.controlMode);
    this.world = new PandaWorld(task.robot, task.basePose, task.actors);
    const observationLayout = layOut(task);
    this.spec = {
      envId: task.envId,
      robot: task.robot.name,
      controlMode: options.controlMode,
      rewardMode: options.rewardMode,
      maxEpisodeSteps: options.maxEpisodeSteps ?? task.maxEpisodeSteps,
      observationDim: observationLayout.reduce((sum, part) => sum + part.size, 0),
      actionDim: this.controller.actionDim,
      actionLow: this.controller.actionLow,
      actionHigh: this.controller.actionHigh,
      observationLayout,
      symmetryCentre: task.isSymmetric ? [task.basePose[0], task.basePose[1]] : null,
    };
    this.randomization = new EpisodeRandomization(
      observationLayout,
      this.spec.actionDim,
      options.randomization,
    );
    this.restart(0);
  }

  reset(seed: number, observation: Float32Array): void {
    this.checkObservation(observation);
    this.restart(seed);
    this.writeObservation(observation);
  }

  resetTo(state: EnvironmentState, seed: number | null, observation: Float32Array): void {
    this.checkObservation(observation);
    this.restart(seed ?? 0);
    // As in the recordings of ManiSkill that grips were matched with.
    if (seed === null) this.world.leftPadFirst = false;
    this.setState(state);
    this.writeObservation(observation);
  }

  step(action: Float32Array, observation: Float32Array): StepOutcome {
    this.checkObservation(observation);
    this.checkAction(action);
    const arrived = this.randomization.delayed(action);
    if (arrived) this.controller.setTargets(arrived, this.world, this.world.targets);
    this.world.controlStep();
    this.elapsedSteps++;
    this.assess();
    this.writeObservation(observation);
    return this.outcome;
  }

  observe(observation: Float32Array): void {
    this.checkObservation(observation);
    this.writeObservation(observation);
  }

  evaluate(): StepOutcome {
    return this.outcome;
  }

  getState(): EnvironmentState {
    return readState(this.task, this.world);
  }

  setState(state: EnvironmentState): void {
    writeState(state, this.task, this.world);
    this.assess();
  }

  close(): void {
    this.world.close();
  }

  private restart(seed: number): void {
    this.random.reseed(seed);
    this.randomization.restart(seed);
    for (const actor of this.task.actors) actor.massScale = this.randomization.massScale;
    this.world.scaleFriction(this.randomization.frictionScale);
    this.task.spawn(this.random, this.startQpos);
    this.world.leftPadFirst = this.random.uniform() < 0.5;
    this.world.resetAtRest(this.startQpos, AT_REST);
    this.elapsedSteps = 0;
    this.assess();
  }

  /** Brings the outcome up to date with the world's state. */
  private assess(): void {
    const { outcome } = this;
    outcome.success = this.task.evaluate(this.world, outcome.flags);
    outcome.terminated = outcome.success;
    outcome.truncated = this.elapsedSteps >= this.spec.maxEpisodeSteps;
    outcome.reward = this.reward(this.denseReward());
  }

  private reward(denseReward: number): number {
    const { success } = this.outcome;
    switch (this.spec.rewardMode) {
      case 'none':
        return 0;
      case 'sparse':
        return success ? 1 : 0;
      case 'dense':
        return denseReward;
      case 'normalized_dense':
        return denseReward / this.task.successReward;
    }
  }

  /** The sum of the task's terms; the term `success` raises it to the reward of a success. */
  private denseReward(): number {
    const { rewardTerms: terms, flags, success } = this.outcome;
    terms.success = 0;
    this.task.rewardTerms(this.world, flags, terms);
    let sum = 0;
    for (const name in terms) sum += terms[name];
    if (!success) return sum;
    terms.success = this.task.successReward - sum;
    return this.task.successReward;
  }

  private writeObservation(out: Float32Array): void {
    out.set(this.world.qpos, 0);
    out.set(this.world.qvel, ROBOT_JOINTS);
    this.task.observe(this.world, this.outcome.flags, out, 2 * ROBOT_JOINTS);
    this.randomization.addNoise(out, this.elapsedSteps);
  }

  private checkAction(action: Float32Array): void {
    const { envId, actionDim, controlMode } = this.spec;
    if (action.length !== actionDim) {
      throw new Error(`${envId}: action has ${action.length} values; ${controlMode} takes ${actionDim}`);
    }
    for (let i = 0; i < actionDim; i++) {
      if (!Number.isFinite(action[i])) {
        throw new Error(`${envId}: action[${i}] is ${action[i]}; it must be finite`);
      }
    }
  }

  private checkObservation(observation: Float32Array): void {
    const { envId, observationDim } = this.spec;
    if (observation.length !== observationDim) {
      throw new Error(
        `${envId}: room for ${observation.length} observation values; it has ${observationDim}`,
      );
    }
  }
}

function layOut(task: Task): ObservationPart[] {
  let offset = 0;
  const robotParts = [
    { name: 'agent.qpos', kind: 'joint_positions', size: ROBOT_JOINTS },
    { name: 'agent.qvel', kind: 'joint_velocities', size: ROBOT_JOINTS },
  ] as const;
  return [...robotParts, ...task.observationParts].map(({ name, kind, size }) => {
    const part = { name, kind, offset, size };
    offset += size;
    return part;
  });
}
