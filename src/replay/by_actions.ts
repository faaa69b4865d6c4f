import type { Environment } from '../../envs/env.js';
import type { Controller, DriveTargets } from '../../envs/panda/controller.js';
import { makeController } from '../../envs/panda/controllers.js';
import { ARM_JOINTS } from '../../envs/panda/model.js';
import { jointPositions } from '../../envs/tasks/state_dict.js';
import type { NumericArray } from '../datasets/storage/hdf5.js';
import { ReplayAttempt } from './replay_attempt.js';
import { TcpDistance } from './tcp_distance.js';

/** Steps that may be spent on one recorded step, where its action is clipped (ManiSkill's conversion: 2 or 4). */
const STEPS_PER_STEP = 4;

/** Puts an environment at the start of an episode and writes its first observation. */
export type Begin = (environment: Environment, observation: Float32Array) => void;

/** Carries out the recorded actions [T, size] as they are. */
export function replayActions(
  environment: Environment,
  begin: Begin,
  { data, shape: [length, size] }: NumericArray<Float32Array>,
  withFrames: boolean,
): ReplayAttempt {
  const observation = new Float32Array(environment.spec.observationDim);
  begin(environment, observation);
  const replayed = new ReplayAttempt(environment, observation, withFrames);
  for (let step = 0; step < length; step++) {
    const action = data.subarray(step * size, (step + 1) * size);
    replayed.add(action, observation, environment.step(action, observation));
    replayed.markCounterpart();
  }
  return replayed;
}

/**
 * Turns actions of one control mode into those of another. The recorded actions are carried out in an environment of
 * their own; what its drives pull towards, the environment of the other control mode is made to pull towards too.
 * Following the targets, not the arm itself, keeps the force with which they pull (so does ManiSkill's
 * `mani_skill/trajectory/utils/actions/conversion.py`).
 *
 * Where that asks for more than one action can express, the action is clipped, and the arm falls behind its original. It
 * is given more steps as long as each brings it closer to where the original is. Not until the targets are in reach, as
 * in ManiSkill: it would run ahead, which knocks cubes over, and what is left is made up for in the next step anyway.
 */
export class ActionConverter {
  private readonly sourceController: Controller;
  private readonly targetController: Controller;
  private readonly distance = new TcpDistance();
  private readonly targets: DriveTargets = { arm: new Float64Array(ARM_JOINTS), fingers: 0 };

  /** @param source runs the original, @param target the converted actions. */
  constructor(
    private readonly source: Environment,
    private readonly target: Environment,
  ) {
    this.sourceController = makeController(source.spec.controlMode);
    this.targetController = makeController(target.spec.controlMode);
  }

  /** Converts the recorded actions [T, size]. With each `attempt`, from 0, it waits twice as long for the arm. */
  replay(
    begin: Begin,
    { data, shape: [length, size] }: NumericArray<Float32Array>,
    attempt: number,
    withFrames: boolean,
  ): ReplayAttempt {
    const { source, target } = this;
    const sourceObservation = new Float32Array(source.spec.observationDim);
    const observation = new Float32Array(target.spec.observationDim);
    begin(source, sourceObservation);
    begin(target, observation);
    const replayed = new ReplayAttempt(target, observation, withFrames);
    for (let step = 0; step < length; step++) {
      const original = data.subarray(step * size, (step + 1) * size);
      this.sourceController.setTargets(original, robotOf(source), this.targets);
      source.step(original, sourceObservation);
      this.follow(replayed, observation, STEPS_PER_STEP * 2 ** attempt);
      replayed.markCounterpart();
    }
    return replayed;
  }

  private follow(replayed: ReplayAttempt, observation: Float32Array, maxSteps: number): void {
    const { source, target, targetController, targets, distance } = this;
    const action = new Float32Array(targetController.actionDim);
    const original = robotOf(source).qpos;
    let before = robotOf(target);
    for (let step = 0; step < maxSteps; step++) {
      const isWhole = targetController.findAction(targets, before, action);
      replayed.add(action, observation, target.step(action, observation));
      if (isWhole) return;
      const after = robotOf(target);
      // Another step would go about as far as this one: too far, if this one went more than half of the way.
      if (2 * distance.between(original, after.qpos) <= distance.between(original, before.qpos)) return;
      before = after;
    }
    replayed.isBehind = true;
  }
}

function robotOf(environment: Environment): { qpos: Float64Array } {
  return { qpos: jointPositions(environment.getState(), environment.spec.robot) };
}
