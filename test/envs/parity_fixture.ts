import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { EnvironmentState } from '../../envs/env.js';

const FOLDER = new URL('../fixtures/parity/', import.meta.url);

export interface RecordedStep {
  observation: number[];
  sparse: number;
  dense: number;
  normalized_dense: number;
  success: boolean;
  is_grasped: boolean;
  is_obj_placed: boolean;
  is_robot_static: boolean;
  cubeState: number[];
  robotState: number[];
  /** Targets of ManiSkill's drives; only in the recording of `pd_ee_delta_pose`. */
  armTargets: number[];
  gripperTargets: number[];
}

export interface RecordedEpisode {
  seed: number;
  kind: string;
  state: { actors: Record<string, number[]>; articulations: Record<string, number[]> };
  linkPoses: Record<string, number[]>;
  firstObservation: number[];
  actions: number[][];
  steps: RecordedStep[];
}

/** The recordings by control mode; that of `pd_joint_pos` has no observations, rewards, link poses or grasps. */
const FILES = {
  pd_joint_delta_pos: 'pick_cube.json.gz',
  pd_ee_delta_pose: 'pick_cube.pd_ee_delta_pose.json.gz',
  pd_joint_pos: 'pick_cube.pd_joint_pos.json.gz',
};

/** An episode as it lies in the file. */
interface RawEpisode extends Pick<RecordedEpisode, 'seed' | 'kind' | 'actions'> {
  reset: {
    state: RecordedEpisode['state'];
    link_poses_world_pq: Record<string, number[]>;
    obs: number[];
  };
  steps: (Omit<RecordedStep, 'observation' | 'cubeState' | 'robotState' | 'armTargets' | 'gripperTargets'> & {
    obs: number[];
    cube_state: number[];
    robot_state: number[];
    arm_target_qpos: number[];
    gripper_target_qpos: number[];
  })[];
}

/** Episodes of PickCube-v1 recorded in ManiSkill. */
export function readEpisodes(controlMode: keyof typeof FILES = 'pd_joint_delta_pos'): RecordedEpisode[] {
  return readRecording(FILES[controlMode]);
}

/** Grips of a cube that is turned in the hand by `seed` degrees, in `pd_joint_delta_pos`; without link poses and rewards. */
export function readGrips(): RecordedEpisode[] {
  return readRecording('pick_cube_grips.json.gz');
}

/** Fingers that close while they are pressed onto the table, in `pd_joint_delta_pos`; without link poses and rewards. */
export function readPressedPads(): RecordedEpisode[] {
  return readRecording('pick_cube_pressed_pads.json.gz');
}

/** Fingers that close on nothing while the arm stays, swings and stays again; without link poses and rewards. */
export function readClosedFingers(): RecordedEpisode[] {
  return readRecording('pick_cube_closed_fingers.json.gz');
}

function readRecording(file: string): RecordedEpisode[] {
  const packed = readFileSync(new URL(file, FOLDER));
  const recording = JSON.parse(gunzipSync(packed).toString());
  return recording.episodes.map((episode: RawEpisode) => ({
    seed: episode.seed,
    kind: episode.kind,
    state: episode.reset.state,
    linkPoses: episode.reset.link_poses_world_pq,
    firstObservation: episode.reset.obs,
    actions: episode.actions,
    steps: episode.steps.map(
      ({ obs, cube_state, robot_state, arm_target_qpos, gripper_target_qpos, ...rest }) => ({
        ...rest,
        observation: obs,
        cubeState: cube_state,
        robotState: robot_state,
        armTargets: arm_target_qpos,
        gripperTargets: gripper_target_qpos,
      }),
    ),
  }));
}

/** Mean, std, min and max of each part of the first observation over 1000 resets in ManiSkill. */
export function readSpawnStatistics(): {
  successAtReset: number;
  observations: Record<string, Record<'mean' | 'std' | 'min' | 'max', number[]>>;
} {
  return JSON.parse(readFileSync(new URL('pick_cube_spawn.json', FOLDER), 'utf8'));
}

/** The recorded state before the first step, or after step `step`. */
export function stateOf(episode: RecordedEpisode, step?: number): EnvironmentState {
  const rows = (record: Record<string, number[]>) =>
    Object.fromEntries(Object.entries(record).map(([name, values]) => [name, Float64Array.from(values)]));
  const state = { actors: rows(episode.state.actors), articulations: rows(episode.state.articulations) };
  if (step === undefined) return state;
  state.actors.cube.set(episode.steps[step].cubeState);
  state.articulations.panda.set(episode.steps[step].robotState);
  return state;
}

/** Distance between three entries of two arrays. */
export function distanceAt(a: ArrayLike<number>, b: ArrayLike<number>, offset: number): number {
  return Math.hypot(a[offset] - b[offset], a[offset + 1] - b[offset + 1], a[offset + 2] - b[offset + 2]);
}

/** Largest difference between the first `count` entries. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>, count: number): number {
  let largest = 0;
  for (let i = 0; i < count; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]));
  return largest;
}
