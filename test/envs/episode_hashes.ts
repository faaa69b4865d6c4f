import { createHash, type Hash } from 'node:crypto';
import type { DomainRandomization, Environment } from '../../envs/env.js';
import { expertEnvIds, makeExpert } from '../../envs/experts/make_expert.js';
import type { DriveTargets } from '../../envs/panda/controller.js';
import { makeController } from '../../envs/panda/controllers.js';
import { ARM_JOINTS } from '../../envs/panda/model.js';
import { RandomStream } from '../../envs/random.js';
import { environmentEntry, makeEnvironment } from '../../envs/registry.js';

const ENV_ID = 'PickCube-v1';
const SEEDS = [0, 1, 2];
const STEPS = 60;
const RANDOMIZATION: DomainRandomization = {
  friction: 0.5,
  mass: 0.5,
  latencySteps: 2,
  observationNoise: 0.01,
};

/** Writes the action of a step for the environment and its last observation. */
type Actor = (environment: Environment, observation: Float32Array, action: Float32Array) => void;

/**
 * Hashes of PickCube's episodes: every bit of observations, rewards, terms, flags and states, in all control modes, with
 * random actions and the expert's, with states set in between and with randomization.
 */
export async function pickCubeHashes(): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const controlMode of environmentEntry(ENV_ID).controlModes) {
    for (const seed of SEEDS) {
      hashes[`${controlMode}, random, ${seed}`] = await hashOf(ENV_ID, controlMode, seed, randomActor(seed));
      hashes[`${controlMode}, expert, ${seed}`] = await hashOf(
        ENV_ID,
        controlMode,
        seed,
        await expertActor(ENV_ID, controlMode, seed),
      );
    }
    hashes[`${controlMode}, randomized`] = await hashOf(
      ENV_ID,
      controlMode,
      5,
      randomActor(5),
      RANDOMIZATION,
    );
  }
  return hashes;
}

/** The hash of an expert's episode in each task that has one, by the task's id. */
export async function taskHashes(): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const envId of expertEnvIds()) {
    const [controlMode] = environmentEntry(envId).controlModes;
    hashes[envId] = await hashOf(envId, controlMode, 0, await expertActor(envId, controlMode, 0));
  }
  return hashes;
}

/** Differs where an engine's functions do, on which the last bits of an episode depend. */
export function mathHash(): string {
  const hash = createHash('sha256');
  const random = new RandomStream(0);
  for (let i = 0; i < 20_000; i++) {
    const x = random.uniform(-4, 4);
    const y = Math.abs(x);
    add(hash, [Math.sin(x), Math.cos(x), Math.tanh(x), Math.atan2(x, 1.3), Math.log(y), Math.hypot(x, 1, y)]);
    add(hash, [Math.asin(x / 4), Math.sqrt(y), (1 + y) ** (x / 4)]);
  }
  return hash.digest('hex').slice(0, 16);
}

async function hashOf(
  envId: string,
  controlMode: string,
  seed: number,
  act: Actor,
  randomization?: DomainRandomization,
): Promise<string> {
  const rewardMode = environmentEntry(envId).rewardModes.includes('dense') ? 'dense' : 'sparse';
  const options = { controlMode, rewardMode, ...(randomization && { randomization }) } as const;
  const environment = await makeEnvironment(envId, options);
  const observation = new Float32Array(environment.spec.observationDim);
  const action = new Float32Array(environment.spec.actionDim);
  const hash = createHash('sha256');
  environment.reset(seed, observation);
  hash.update(observation);
  for (let step = 0; step < Math.max(STEPS, environment.spec.maxEpisodeSteps); step++) {
    act(environment, observation, action);
    const { reward, rewardTerms, flags, success, truncated } = environment.step(action, observation);
    hash.update(action).update(observation);
    add(hash, [reward, ...Object.values(rewardTerms), ...Object.values(flags).map(Number)]);
    add(hash, [Number(success), Number(truncated)]);
    const state = environment.getState();
    for (const row of [...Object.values(state.actors), ...Object.values(state.articulations)])
      hash.update(row);
    if (step === 40) environment.setState(state);
    if (step === 50) environment.resetTo(state, null, observation);
  }
  environment.close();
  return hash.digest('hex').slice(0, 16);
}

function add(hash: Hash, values: number[]): void {
  hash.update(Float64Array.from(values));
}

function randomActor(seed: number): Actor {
  const random = new RandomStream(seed);
  return ({ spec: { actionLow, actionHigh } }, _, action) => {
    for (let i = 0; i < action.length; i++) action[i] = random.uniform(actionLow[i], actionHigh[i]);
  };
}

/** The expert's joint movements, written as actions of the control mode. */
async function expertActor(envId: string, controlMode: string, seed: number): Promise<Actor> {
  const source = await makeEnvironment(envId, { controlMode: 'pd_joint_delta_pos', rewardMode: 'none' });
  const { spec } = source;
  source.close();
  const expert = makeExpert(spec, { seed: 3, actionNoise: 0.1, imperfectShare: 0.3, speed: 1 });
  expert.reset(seed);
  const movement = new Float32Array(spec.actionDim);
  const targets: DriveTargets = { arm: new Float64Array(ARM_JOINTS), fingers: 0 };
  const [from, to] = [makeController('pd_joint_delta_pos'), makeController(controlMode)];
  return (_, observation, action) => {
    if (controlMode === 'pd_joint_delta_pos') {
      expert.act(observation, action);
      return;
    }
    expert.act(observation, movement);
    const robot = { qpos: Float64Array.from(observation.subarray(0, 9)) };
    from.setTargets(movement, robot, targets);
    to.findAction(targets, robot, action);
  };
}
