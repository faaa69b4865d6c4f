import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { EnvironmentState } from '../../../envs/env.js';
import { UserError } from '../../../src/errors.js';

const FIXTURES = 'test/fixtures/parity';
const ROOT_SIZE = 13;

type Rows = Record<string, number[]>;

/** Episodes of a task as ManiSkill recorded them. */
export interface Recording {
  envId: string;
  controlMode: string;
  /** The actors that move freely. */
  movingActors: string[];
  episodes: RecordedEpisode[];
}

export interface RecordedEpisode {
  kind: string;
  seed: number;
  actions: Float32Array[];
  steps: RecordedStep[];
}

/** The results of a control step. */
export interface RecordedStep {
  state: EnvironmentState;
  observation: Float32Array;
  success: boolean;
  /** True if the robot touched an object during the step. */
  touched: boolean;
}

/** A file of recordings. PickCube's has a layout of its own. */
interface RawRecording {
  env?: string;
  control_mode: string;
  episodes: {
    kind: string;
    seed: number;
    reset: { state: { actors: Rows; articulations: Rows } };
    actions: number[][];
    steps: RawStep[];
  }[];
}

interface RawStep {
  obs: number[];
  success: boolean;
  /** The actors that move freely. */
  actors?: Rows;
  /** N s on the actor, by "body>actor". */
  impulses?: Rows;
  /** PickCube's; there the robot touches nothing that it does not grasp. */
  cube_state?: number[];
  robot_state?: number[];
  is_grasped?: boolean;
}

/**
 * The recording of a task in `pd_joint_delta_pos`: in `folder`, or else the one cut for the tests. Throws a
 * UserError if there is none, it can't be read, is of another task, or does not say what touched what.
 */
export function readRecording(envId: string, folder: string | undefined): Recording {
  const path = folder
    ? join(folder, `parity_${envId}.pd_joint_delta_pos.json.gz`)
    : join(FIXTURES, `${snakeCase(envId)}.json.gz`);
  if (!existsSync(path)) throw new UserError(`there is no recording of ${envId}: ${path} is not there`);
  let raw: RawRecording;
  try {
    raw = JSON.parse(gunzipSync(readFileSync(path)).toString());
  } catch (cause) {
    throw new UserError(`${path} is not a recording: ${(cause as Error).message}`, { cause });
  }
  const recorded = raw.env ?? 'PickCube-v1';
  if (recorded !== envId) throw new UserError(`${path} is a recording of ${recorded}, not of ${envId}`);
  const [{ impulses, is_grasped }] = raw.episodes[0].steps;
  if (!impulses && is_grasped === undefined)
    throw new UserError(`${path} does not say what the robot touched: its steps have no "impulses"`);
  return {
    envId,
    controlMode: raw.control_mode,
    movingActors: Object.keys(movingRows(raw.episodes[0].steps[0])),
    episodes: raw.episodes.map(({ kind, seed, reset, actions, steps }) => ({
      kind,
      seed,
      actions: actions.map((action) => Float32Array.from(action)),
      steps: steps.map((step) => ({
        state: stateAfter(reset.state, step),
        observation: Float32Array.from(step.obs),
        success: step.success,
        touched: isTouched(step, reset.state.actors),
      })),
    })),
  };
}

/** `PushCube-v1` as `push_cube`. */
function snakeCase(envId: string): string {
  return envId
    .replace(/-v\d+$/, '')
    .replace(/(?<=[a-z])(?=[A-Z])/g, '_')
    .toLowerCase();
}

function movingRows({ actors, cube_state }: RawStep): Rows {
  return actors ?? { cube: cube_state! };
}

/** The state after a step: standing actors are in the state at reset only, joints at the start of the observation. */
function stateAfter(reset: { actors: Rows; articulations: Rows }, step: RawStep): EnvironmentState {
  const state = { actors: floats(reset.actors), articulations: floats(reset.articulations) };
  Object.assign(state.actors, floats(movingRows(step)));
  let offset = 0;
  for (const robot of Object.values(state.articulations)) {
    const joints = step.robot_state?.slice(ROOT_SIZE) ?? step.obs.slice(offset);
    const size = robot.length - ROOT_SIZE;
    robot.set(joints.slice(0, size), ROOT_SIZE);
    offset += size;
  }
  return state;
}

function floats(rows: Rows): Record<string, Float64Array> {
  return Object.fromEntries(Object.entries(rows).map(([name, values]) => [name, Float64Array.from(values)]));
}

/** The robot's parts are known by not being actors: `panda_leftfinger>cube`, `left:panda_hand>cube`. */
function isTouched({ impulses, is_grasped }: RawStep, actors: Rows): boolean {
  if (!impulses) return is_grasped!;
  return Object.keys(impulses).some((pair) => !(pair.split('>')[0] in actors));
}
