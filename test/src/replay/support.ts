import { join } from 'node:path';
import { ManiSkillDataset } from '../../../src/datasets/formats/maniskill/reader.js';
import {
  type DatasetDescription,
  ManiSkillWriter,
  type RecordedTrajectory,
} from '../../../src/datasets/formats/maniskill/writer.js';
import type { ReplayRequest } from '../../../src/replay/plan.js';
import {
  type ReplayListener,
  type ReplayOptions,
  type ReplayResult,
  replayDataset,
} from '../../../src/replay/replay.js';
import { NEVER_STOP } from '../../../src/stop_signal.js';
import { demoFixture } from '../datasets/formats/maniskill/fixtures.js';

export const REQUEST: Omit<ReplayRequest, 'trajPath'> = {
  useEnvStates: false,
  useFirstEnvState: false,
  targetControlMode: null,
  obsMode: 'state',
  rewardMode: 'normalized_dense',
  allowFailure: false,
  discardTimeout: false,
  maxRetry: 0,
  count: null,
  output: null,
  saveVideo: false,
  videoFps: 20,
};

export const OPTIONS: Omit<ReplayOptions, 'trajPath'> = {
  ...REQUEST,
  recordRewards: true,
  saveTraj: true,
  overwrite: false,
  numProcs: 1,
};

export const SILENT: ReplayListener = { onPlan() {}, onEpisode() {}, onTally() {} };

export interface Replayed {
  result: ReplayResult;
  notes: string[];
}

/** Replays a dataset. Without an `output` nothing is written. */
export async function replay(trajPath: string, options: Partial<ReplayOptions> = {}): Promise<Replayed> {
  const notes: string[] = [];
  const result = await replayDataset(
    { ...OPTIONS, saveTraj: options.output !== undefined, ...options, trajPath },
    { ...SILENT, onPlan: (planned) => notes.push(...planned.notes) },
    NEVER_STOP,
  );
  if (!result) throw new Error('the replay was interrupted');
  return { result, notes };
}

/** All that a dataset holds. */
export async function readAll(path: string): Promise<RecordedTrajectory[]> {
  const dataset = await ManiSkillDataset.open(path);
  try {
    return dataset.record.episodes.map((episode) => ({
      ...dataset.read(episode),
      envStates: dataset.readEnvStates(episode),
    }));
  } finally {
    dataset.close();
  }
}

/** A copy of the fixture `pick_cube` (pd_joint_delta_pos) after changes to its episodes, as a foreign dataset. */
export async function changedCopy(
  folder: string,
  name: string,
  change: (episode: RecordedTrajectory) => Partial<RecordedTrajectory>,
  description: Partial<DatasetDescription> = {},
): Promise<string> {
  const path = join(folder, `${name}.h5`);
  const writer = await ManiSkillWriter.create(path, {
    envId: 'PickCube-v1',
    controlMode: 'pd_joint_delta_pos',
    rewardMode: 'normalized_dense',
    maxEpisodeSteps: 50,
    simBackend: 'physx_cpu',
    sourceType: 'motionplanning',
    sourceDescription: 'a test',
    generator: {},
    ...description,
  });
  for (const episode of await readAll(demoFixture('pick_cube'))) {
    writer.append({ ...episode, ...change(episode) });
  }
  await writer.finish();
  return path;
}

/** The first steps of an episode. */
export function firstSteps(episode: RecordedTrajectory, steps: number): RecordedTrajectory {
  const { length, observations, actions, rewards, envStates } = episode;
  const states = (data: Float32Array) => data.slice(0, (data.length / (length + 1)) * (steps + 1));
  const parts = (all: Record<string, Float32Array>) =>
    Object.fromEntries(Object.entries(all).map(([name, data]) => [name, states(data)]));
  return {
    ...episode,
    length: steps,
    observations: states(observations),
    actions: actions.slice(0, (actions.length / length) * steps),
    rewards: rewards?.slice(0, steps) ?? null,
    terminated: episode.terminated.slice(0, steps),
    truncated: episode.truncated.slice(0, steps),
    success: episode.success.slice(0, steps),
    envStates: envStates && {
      actors: parts(envStates.actors),
      articulations: parts(envStates.articulations),
    },
  };
}
