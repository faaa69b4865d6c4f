import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import Table from 'cli-table3';
import type { Environment, EnvironmentState } from '../../envs/env.js';
import { makeEnvironment } from '../../envs/registry.js';

const DEFAULT_RECORDING = 'test/fixtures/parity/pick_cube.json.gz';

/** The parts of a recorded episode that are compared. */
interface RecordedEpisode {
  seed: number;
  kind: string;
  reset: { state: RecordedState };
  actions: number[][];
  steps: { obs: number[]; success: boolean; is_grasped: boolean }[];
}

interface RecordedState {
  actors: Record<string, number[]>;
  articulations: Record<string, number[]>;
}

/** Differences of one episode: metres and radians. */
interface Differences {
  qpos: number[];
  tcp: number[];
  cube: number[];
  graspMismatches: number;
  successMismatches: number;
}

/**
 * Replays every parity episode, recorded in ManiSkill, from its first state with its actions in the recording's control
 * mode, and prints how far ours drifts by kind of action. `args[0]` is the recording; if left out, the one cut for the
 * tests. Throws if it is not there.
 */
export async function benchFidelity(args: string[]): Promise<void> {
  const path = args[0] ?? DEFAULT_RECORDING;
  const { episodes, control_mode: controlMode } = readRecording(path);
  const environment = await makeEnvironment('PickCube-v1', { controlMode, rewardMode: 'none' });
  const byKind = new Map<string, Differences[]>();
  for (const episode of episodes) {
    const differences = replay(environment, episode);
    byKind.set(episode.kind, [...(byKind.get(episode.kind) ?? []), differences]);
  }
  environment.close();

  const table = new Table({
    head: ['actions', 'episodes', 'qpos rad', 'TCP mm', 'cube mm', 'cube end mm', 'grasp ≠', 'success ≠'],
    style: { head: [], border: [] },
  });
  for (const [kind, all] of byKind) table.push(row(kind, all));
  console.log(
    `PickCube-v1 in ${controlMode} against ManiSkill, open loop; "max / mean" over steps; ≠ counts differing steps\n${table}`,
  );
}

function readRecording(path: string): { episodes: RecordedEpisode[]; control_mode: string } {
  let packed: Buffer;
  try {
    packed = readFileSync(path);
  } catch (cause) {
    throw new Error(`${path}: no recording of ManiSkill episodes there`, { cause });
  }
  return JSON.parse(gunzipSync(packed).toString());
}

function replay(environment: Environment, { reset, actions, steps }: RecordedEpisode): Differences {
  const { observationLayout, observationDim } = environment.spec;
  const offsetOf = (name: string) => observationLayout.find((part) => part.name === name)!.offset;
  const tcp = offsetOf('extra.tcp_pose');
  const cube = offsetOf('extra.obj_pose');
  const observation = new Float32Array(observationDim);
  const differences: Differences = { qpos: [], tcp: [], cube: [], graspMismatches: 0, successMismatches: 0 };
  environment.resetTo(toState(reset.state), null, observation);
  actions.forEach((action, i) => {
    const { success, flags } = environment.step(Float32Array.from(action), observation);
    const recorded = steps[i];
    differences.qpos.push(largest(observation, recorded.obs, 7));
    differences.tcp.push(distance(observation, recorded.obs, tcp));
    differences.cube.push(distance(observation, recorded.obs, cube));
    if (flags.is_grasped !== recorded.is_grasped) differences.graspMismatches++;
    if (success !== recorded.success) differences.successMismatches++;
  });
  return differences;
}

function toState({ actors, articulations }: RecordedState): EnvironmentState {
  const rows = (record: Record<string, number[]>) =>
    Object.fromEntries(Object.entries(record).map(([name, values]) => [name, Float64Array.from(values)]));
  return { actors: rows(actors), articulations: rows(articulations) };
}

function largest(a: Float32Array, b: number[], count: number): number {
  let result = 0;
  for (let i = 0; i < count; i++) result = Math.max(result, Math.abs(a[i] - b[i]));
  return result;
}

function distance(a: Float32Array, b: number[], offset: number): number {
  return Math.hypot(...[0, 1, 2].map((axis) => a[offset + axis] - b[offset + axis]));
}

function row(kind: string, all: Differences[]): string[] {
  const maxAndMean = (values: number[], format: (value: number) => string) =>
    `${format(Math.max(...values))} / ${format(values.reduce((sum, value) => sum + value, 0) / values.length)}`;
  const millimetres = (value: number) => (1000 * value).toFixed(3);
  const total = (pick: (differences: Differences) => number) =>
    String(all.reduce((sum, differences) => sum + pick(differences), 0));
  return [
    kind,
    String(all.length),
    maxAndMean(
      all.flatMap(({ qpos }) => qpos),
      (value) => value.toExponential(1),
    ),
    maxAndMean(
      all.flatMap(({ tcp }) => tcp),
      millimetres,
    ),
    maxAndMean(
      all.flatMap(({ cube }) => cube),
      millimetres,
    ),
    millimetres(Math.max(...all.map(({ cube }) => cube[cube.length - 1]))),
    total(({ graspMismatches }) => graspMismatches),
    total(({ successMismatches }) => successMismatches),
  ];
}
