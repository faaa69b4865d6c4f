import { checkAction, checkObservation } from '../checks.js';
import type {
  Environment,
  EnvironmentOptions,
  EnvironmentSpec,
  EnvironmentState,
  StepOutcome,
} from '../env.js';
import type { Controller } from '../panda/controller.js';
import { makeController } from '../panda/controllers.js';
import { ARM_JOINTS, ROBOT_JOINTS } from '../panda/model.js';
import { PandaWorld } from '../physics/panda_world.js';
import { loadRapier } from '../physics/rapier.js';
import { RandomStream } from '../random.js';
import type { Task } from './define_task.js';
import { EpisodeRandomization } from './episode_randomization.js';
import { ObservationWriter } from './observation.js';
import { TaskReward } from './reward.js';
import { RobotState } from './robot_state.js';
import { checkState, readState, writeState } from './state_dict.js';
import type { TaskWorld } from './task.js';
import { TaskInstance } from './task_instance.js';
import { taskSpec } from './task_spec.js';

const AT_REST = new Float64Array(ROBOT_JOINTS);
/** Deviation of the arm's joints from the robot's rest at the start of an episode, radians. */
const QPOS_NOISE = 0.02;

/** Creates the environment of a task, in modes that it has; loads the physics engine on first use. */
export async function createTaskEnvironment(task: Task, options: EnvironmentOptions): Promise<Environment> {
  await loadRapier();
  return new TaskEnvironment(task, options);
}

/** The environment contract around a task and its world: everything that the tasks have in common. */
class TaskEnvironment implements Environment {
  readonly spec: EnvironmentSpec;
  private readonly world: PandaWorld;
  private readonly controller: Controller;
  private readonly random = new RandomStream(0);
  private readonly instance: TaskInstance;
  private readonly view: TaskWorld & { readonly robot: RobotState };
  private readonly observations: ObservationWriter;
  private readonly rewards: TaskReward;
  private readonly startQpos = new Float64Array(ROBOT_JOINTS);
  private readonly randomization: EpisodeRandomization;
  private elapsedSteps = 0;
  private readonly outcome: StepOutcome;

  constructor(
    private readonly task: Task,
    options: EnvironmentOptions,
  ) {
    this.controller = makeController(options.controlMode);
    this.observations = new ObservationWriter(task);
    this.rewards = new TaskReward(task, options.rewardMode);
    this.instance = new TaskInstance(task, this.random);
    const { bodies, memory, geometry } = this.instance;
    this.world = new PandaWorld(task.robot, task.basePose, Object.values(bodies));
    const flags = initialised(task.flags, false);
    const numbers = initialised(task.numbers, 0);
    this.view = { bodies, robot: new RobotState(this.world), flags, numbers, memory, geometry };
    this.outcome = {
      reward: 0,
      terminated: false,
      truncated: false,
      success: false,
      flags,
      numbers,
      rewardTerms: this.rewards.terms,
    };
    this.spec = taskSpec(task, options);
    this.randomization = new EpisodeRandomization(
      this.spec.observationLayout,
      this.spec.actionDim,
      options.randomization,
    );
    this.restart(0);
  }

  reset(seed: number, observation: Float32Array): void {
    checkObservation(observation, this.spec);
    this.restart(seed);
    this.writeObservation(observation);
  }

  resetTo(state: EnvironmentState, seed: number | null, observation: Float32Array): void {
    checkObservation(observation, this.spec);
    this.restart(seed ?? 0);
    if (seed === null) this.world.leftPadFirst = this.task.leftPadFirst ?? false;
    writeState(state, this.instance, this.world);
    this.assess();
    this.writeObservation(observation);
  }

  step(action: Float32Array, observation: Float32Array): StepOutcome {
    checkObservation(observation, this.spec);
    checkAction(action, this.spec);
    const arrived = this.randomization.delayed(action);
    if (arrived) this.controller.setTargets(arrived, this.world, this.world.targets);
    this.world.controlStep();
    this.elapsedSteps++;
    this.remember();
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
    return readState(this.instance, this.world);
  }

  setState(state: EnvironmentState): void {
    writeState(state, this.instance, this.world);
    // Recordings of others hold no memory: each of their states is another step.
    if (!state.memory) this.remember();
    this.assess();
  }

  checkState(state: EnvironmentState): void {
    checkState(state, this.instance);
  }

  close(): void {
    this.world.close();
  }

  private restart(seed: number): void {
    const { task, random, randomization, startQpos } = this;
    random.reseed(seed);
    randomization.restart(seed);
    this.instance.restart(random);
    for (const actor of this.instance.actors) actor.massScale = randomization.massScale;
    this.world.scaleFriction(randomization.frictionScale);
    startQpos.set(task.robot.restQpos);
    for (let joint = 0; joint < ARM_JOINTS; joint++) startQpos[joint] += QPOS_NOISE * random.normal();
    task.spawn(this.view, random);
    this.world.leftPadFirst = random.uniform() < 0.5;
    if (task.beginsAtRest ?? true) this.world.resetAtRest(startQpos, AT_REST);
    else this.world.resetAnywhere(startQpos, AT_REST);
    this.elapsedSteps = 0;
    this.assess();
  }

  /** Lets the task remember the present state. */
  private remember(): void {
    if (!this.task.remember) return;
    this.view.robot.update();
    this.task.remember(this.view);
  }

  /** Updates the outcome to the world's state. */
  private assess(): void {
    const { outcome, view } = this;
    view.robot.update();
    outcome.success = this.task.evaluate(view);
    outcome.terminated = outcome.success;
    outcome.truncated = this.elapsedSteps >= this.spec.maxEpisodeSteps;
    outcome.reward = this.rewards.rate(view, outcome.success);
  }

  private writeObservation(out: Float32Array): void {
    this.observations.write(this.view, out);
    this.randomization.addNoise(out, this.elapsedSteps);
  }
}

/** A record with these names and no others. */
function initialised<T>(names: readonly string[] = [], value: T): Record<string, T> {
  return Object.seal(Object.fromEntries(names.map((name) => [name, value])));
}
